package metrics

import (
	"context"
	"time"

	"trackhook/engine"
)

// series is what the counts of a day are told by.
type series struct{ token, environment, kind string }

// today tells the counts of the current day, UTC, without event tokens, which are too many for labels.
func (s *sample) today(ctx context.Context) {
	now := time.Now().UTC().Truncate(24 * time.Hour)
	rows, err := s.source.Counts(ctx, now, now)
	if err != nil {
		s.source.Log.Error().Err(err).Msg("the store does not answer a scrape of the metrics")
		return
	}
	for key, sum := range s.sums(rows) {
		labels := []string{appLabel, key.token, environmentLabel, key.environment, "kind", key.kind}
		s.gauge("today_accepted", "Activities of the current day, UTC, that were taken in; kept across restarts.", float64(sum.Accepted), labels...)
		s.gauge("today_ambiguous", "Possible duplicates among the activities of the current day, UTC.", float64(sum.Ambiguous), labels...)
		for _, outcome := range engine.Outcomes() {
			s.gauge("today_responses", "Responses to the activities of the current day, UTC, by outcome.",
				float64(sum.Outcomes[outcome]), append(labels[:6:6], "outcome", outcome.String())...)
		}
	}
}

// sums adds up the rows that come together in one series: those of several event tokens, and of apps without a label of
// their own.
func (s *sample) sums(rows []engine.Count) map[series]*engine.Count {
	sums := map[series]*engine.Count{}
	for i := range rows {
		row := &rows[i]
		token, environment := s.recorder.apps.values(row.App)
		key := series{token, environment, kind(row.Kind)}
		sum := sums[key]
		if sum == nil {
			sum = &engine.Count{Outcomes: map[engine.Outcome]uint64{}}
			sums[key] = sum
		}
		sum.Accepted += row.Accepted
		sum.Ambiguous += row.Ambiguous
		for _, outcome := range engine.Outcomes() {
			sum.Outcomes[outcome] += row.Outcomes[outcome]
		}
	}
	return sums
}
