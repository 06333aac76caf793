package scripting

import "slices"

// CordovaModule is the name of the SDK's plugin at Cordova. A module of Cordova is one thing, named after it, such as
// com.adjust.sdk.AdjustEvent.
const CordovaModule = "com.adjust.sdk"

// AdjustModules are the names under which scripts may require or import the whole API.
func AdjustModules() []string { return []string{"react-native-adjust", CordovaModule} }

// hostModules are the modules that the host itself provides, with the globals that each exports.
func hostModules() map[string][]string {
	adjust := surfaceExports()
	return map[string][]string{
		"react-native-adjust": adjust,
		"com.adjust.sdk":      adjust,
		"trackhook":           append(slices.Clone(adjust), "appToken", "environment", "localStorage"),
	}
}

// handsetModules are plug-ins of the React Native SDK, which examples of its documentation import, with the object that
// each exports and the object's methods. They need a handset.
func handsetModules() map[string]handsetModule {
	return map[string]handsetModule{
		"react-native-adjust-oaid": {"AdjustOaid", []string{"readOaid", "doNotReadOaid"}},
		"react-native-adjust-imei": {"AdjustImei", []string{"readImei", "doNotReadImei"}},
	}
}

type handsetModule struct {
	// Object is the name that the module exports, and Methods are those of that object.
	Object  string
	Methods []string
}

// testModule is the module of the globals of tests; only files of tests find it.
const testModule = "trackhook/test"

func testExports() []string {
	return []string{
		"plugin", "test", "it", "xtest", "xit", "describe", "xdescribe", "expect",
		"beforeAll", "beforeEach", "afterAll", "afterEach",
	}
}
