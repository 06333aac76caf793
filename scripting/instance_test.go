package scripting

import (
	"testing"

	"trackhook/engine"
)

const listenToEvents = `
const adjustConfig = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
adjustConfig.setEventTrackingSucceededCallbackListener(function (e) { onSuccess(e); });
adjustConfig.setEventTrackingFailedCallbackListener(function (e) { onFailure(e); });
Adjust.create(adjustConfig);
`

func TestSmoke(t *testing.T) {
	b := newBench(t)
	i := b.run(listenToEvents + `function onSuccess(e) { console.log(e.message) }`)
	b.feed(i, eventResponse(engine.Delivered))
	b.printed("info", "Event tracked")
}
