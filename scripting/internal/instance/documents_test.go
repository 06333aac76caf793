package instance

import (
	"testing"

	"trackhook/engine"
)

// The pages of React Native, and those of version 5, differ from Cordova's of version 4, whose examples the oracle
// covers. What is tested here are forms that only they use.

func TestPlaceholdersOfTheDocumentation(t *testing.T) {
	for _, token := range []string{"{YourAppToken}", "{Your App Token}", "{yourAppToken}"} {
		b := newBench(t)
		i := b.run(`const config = new AdjustConfig("` + token + `", AdjustConfig.EnvironmentSandbox);
			config.setLogLevel(AdjustLogLevel.Verbose);
			config.setEventTrackingFailedCallback((failure) => console.log(failure.message));
			Adjust.initSdk(config);`)
		b.feed(i, eventResponse(engine.Retry))
		b.printed("info", "connection refused")
	}
}

func TestDeferredDeepLinksOfBothSDKs(t *testing.T) {
	for _, start := range []string{"create", "initSdk"} {
		b := newBench(t)
		i := b.run(`const c = new AdjustConfig(appToken, environment);
			c.setDeferredDeeplinkCallback(function (deeplink) {
				console.log("" + deeplink, deeplink.deeplink, deeplink.uri, typeof deeplink, deeplink === 'app://x', JSON.stringify(deeplink));
				for (const key in deeplink) if (!/\d/.test(key)) console.log(key);
			});
			Adjust.` + start + `(c);`)
		b.feed(i, toldBy(1, "gps_adid=1", `{"deeplink":"app://x"}`))
		b.printed("info", `app://x app://x app://x string true "app://x"`)
	}
	b := newBench(t)
	b.run(`console.log(typeof ''.deeplink)`) // nobody listens
	b.printed("info", "undefined")
}

// An example of the React Native documentation: a component as a function, with a plug-in of the SDK.
func TestReactNativeComponent(t *testing.T) {
	b := newBench(t)
	entry := b.write("rn.ts", `
import { Adjust, AdjustEvent, AdjustConfig } from "react-native-adjust";
import { AdjustOaid } from "react-native-adjust-oaid";
const App: () => React$Node = () => {
   Adjust.getSdkVersion(function (sdkVersion) {
      console.log("Adjust SDK version: " + sdkVersion);
   });
   const adjustConfig = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
   adjustConfig.setConversionValueUpdatedCallbackListener(function (conversionValue) {
      console.log("Conversion value: " + conversionValue.conversionValue);
   });
   AdjustOaid.readOaid();
   Adjust.create(adjustConfig);
};
App();
export default App;
`)
	i, _, err := b.startAt(entry)
	if err != nil {
		t.Fatal(err)
	}
	b.settle(i)
	b.printed("info", "Adjust SDK version: react-native4.38.1@trackhook")
}
