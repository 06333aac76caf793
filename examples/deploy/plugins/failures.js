// Says of each event that failed what the server said. The files in this folder may be edited while the host runs.
const config = new AdjustConfig(appToken, environment);
config.setEventTrackingFailedCallbackListener(function (failure) {
  console.warn(failure.eventToken + " failed: " + failure.message + (failure.willRetry ? ", it is sent again" : ""));
});
Adjust.create(config);
