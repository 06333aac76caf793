// Prints each event that the server has counted, on the one host that runs this plugin.
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(function (event) {
  const heard = Number(localStorage.getItem("heard") || 0) + 1;
  localStorage.setItem("heard", String(heard)); // in the database: it goes on with that wherever it runs next
  console.log("heard " + event.callbackId + ", " + heard + " so far");
});
Adjust.create(config);
