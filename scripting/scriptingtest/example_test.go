package scriptingtest_test

import (
	"context"
	"fmt"

	"trackhook/engine"
	"trackhook/scripting/scriptingtest"
)

func Example() {
	test := scriptingtest.Test{Script: `
		const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
		config.setEventTrackingSucceededCallbackListener((event) => console.log("counted", event.callbackId));
		config.setEventTrackingFailedCallbackListener((event) => console.warn("failed:", event.message));
		Adjust.create(config);`}
	test.Responses = []engine.Response{
		{Package: engine.Package{CallbackID: "order-1"}},
		{Outcome: engine.Rejected, Message: "Invalid revenue"},
	}
	result, err := test.Run(context.Background())
	fmt.Println(result.Lines, err)
	// Output: [{info counted order-1} {warn failed: Invalid revenue}] <nil>
}
