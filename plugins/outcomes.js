// Prints one readable line for every answer about a session or an event.
//
// Edit this file while the host runs: the next answer is handled by what you saved. A mistake in it stops nothing;
// the version before goes on, and the log says which line is wrong.

const adjustConfig = new AdjustConfig(appToken, environment);

adjustConfig.setSessionTrackingSucceededCallbackListener(function (session) {
  console.log(`session ${delivered(session)}: ${session.message}, adid ${session.adid}`);
});

adjustConfig.setSessionTrackingFailedCallbackListener(function (session) {
  console.warn(`session failed: ${session.message}${next(session)}`);
});

adjustConfig.setEventTrackingSucceededCallbackListener(function (event) {
  console.log(`event ${name(event)} ${delivered(event)}: ${event.message}, adid ${event.adid}`);
});

adjustConfig.setEventTrackingFailedCallbackListener(function (event) {
  console.warn(`event ${name(event)} failed: ${event.message}${next(event)}`);
});

Adjust.create(adjustConfig);

function name(event) {
  return event.callbackId ? `${event.eventToken} (${event.callbackId})` : event.eventToken;
}

function delivered(answer) {
  const attempts = answer.attempt > 1 ? ` at attempt ${answer.attempt}` : "";
  return (answer.duplicate ? "was counted before" : "delivered") + attempts;
}

function next(answer) {
  if (!answer.willRetry) {
    return "; it will not be sent again";
  }
  return `; attempt ${answer.attempt + 1} follows at ${answer.nextAttemptAt.toISOString()}`;
}
