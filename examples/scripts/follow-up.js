// Tracks a second event once a purchase has really been delivered, so that a campaign can count confirmed purchases.
// The follow-up is tracked for the device of this host (`device:` in trackhook.yaml); deduplication by the id of the
// purchase keeps it from being counted twice, whatever happens in between.

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
