package scripting

func surfaceExports() []string { return []string{"Adjust", "AdjustConfig", "AdjustEvent"} }
