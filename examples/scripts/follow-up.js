// Tracks a second event once a purchase has really been delivered, so that a campaign can count confirmed purchases.
//
// For a host that is measured itself, such as a kiosk or a game's own machine: Adjust.trackEvent acts for the device of
// this host (`device:` in trackhook.yaml), whatever device the purchase was of, and throws where there is none. On a
// host that passes on the events of many devices, use follow-up-device.js: it tracks for the device of the purchase.
//
// Deduplication by the id of the purchase keeps the follow-up from being counted twice, whatever happens in between.

const PURCHASE = "abc123"; // event token of the purchase
const CONFIRMED = "cnf123"; // event token of the follow-up

const adjustConfig = new AdjustConfig(appToken, environment);

adjustConfig.setEventTrackingSucceededCallbackListener(function (event) {
  if (event.eventToken !== PURCHASE || event.duplicate) {
    return;
  }
  const confirmed = new AdjustEvent(CONFIRMED);
  confirmed.setCallbackId(event.callbackId);
  confirmed.setTransactionId(`confirmed-${event.id}`);
  confirmed.addCallbackParameter("purchase", event.id);
  Adjust.trackEvent(confirmed);
  console.log(`purchase ${event.id} is delivered, follow-up tracked`);
});

Adjust.create(adjustConfig);
