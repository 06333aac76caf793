package surface

import (
	"regexp"
	"slices"
)

// CordovaModule is the name of the SDK's plugin at Cordova. A module of Cordova is one thing, named after it, such as
// com.adjust.sdk.AdjustEvent.
const CordovaModule = "com.adjust.sdk"

// ReactNativeModule is the name of the SDK's package for React Native.
const ReactNativeModule = "react-native-adjust"

// AdjustModules are the names under which scripts may require or import the whole API.
func AdjustModules() []string { return []string{ReactNativeModule, CordovaModule} }

// HostModules are the modules that the host itself provides, with the globals that each exports.
func HostModules() map[string][]string {
	adjust := Exports()
	return map[string][]string{
		ReactNativeModule: adjust,
		CordovaModule:     adjust,
		"trackhook":       append(slices.Clone(adjust), "appToken", "apps", "environment", "localStorage"),
	}
}

// PromisingModules are wrappers of the Cordova SDK for Ionic. They export what the SDK has, and their object Adjust answers
// its questions with promises.
func PromisingModules() []string {
	return []string{
		"@awesome-cordova-plugins/adjust", "@awesome-cordova-plugins/adjust/ngx", "@ionic-native/adjust", "@ionic-native/adjust/ngx",
	}
}

// question finds the arguments, without the callback that is the last, and the type of the answer.
func question(m *member) (arguments, answer string, ok bool) {
	match := regexp.MustCompile(`^\w+\((.*?)(?:, )?callback: \(\w+: (.*)\) => void\): void$`).FindStringSubmatch(m.declaration)
	if match == nil {
		return "", "", false
	}
	return match[1], match[2], true
}

// Questions are the methods of Adjust that answer a callback, which is their last argument.
func Questions() []string {
	var names []string
	for _, member := range surfaceAdjust()[0].members {
		if _, _, ok := question(&member); ok && !slices.Contains(names, member.name()) {
			names = append(names, member.name())
		}
	}
	return names
}

// HandsetModules are plug-ins of the React Native SDK, which examples of its documentation import, with the object that
// each exports and the object's methods. They need a handset.
func HandsetModules() map[string]HandsetModule {
	return map[string]HandsetModule{
		"react-native-adjust-oaid": {"AdjustOaid", []string{"readOaid", "doNotReadOaid"}},
		"react-native-adjust-imei": {"AdjustImei", []string{"readImei", "doNotReadImei"}},
	}
}

// HandsetModule is a module that needs a handset.
type HandsetModule struct {
	// Object is the name that the module exports, and Methods are those of that object.
	Object  string
	Methods []string
}

// TestModule is the module of the globals of tests; only files of tests find it.
const TestModule = "trackhook/test"

// TestExports are the globals of files of tests, which [TestModule] exports as well.
func TestExports() []string {
	return []string{
		"plugin", "test", "it", "xtest", "xit", "describe", "xdescribe", "expect",
		"beforeAll", "beforeEach", "afterAll", "afterEach",
	}
}
