package wire

// Task is an errand.
type Task struct {
	// Name says what is to be done, and Request what it needs to know.
	Name    string
	Request []byte
	// Level is the least level that is logged, and Memory how many bytes the process may use; 0: as many as there are.
	Level  int8
	Memory int64
	// Folders are those that it may read, beside what the program itself needs.
	Folders []string
}

// AppendTask appends an errand.
func AppendTask(b []byte, t *Task) []byte {
	b = AppendString(b, t.Name)
	b = AppendInt(AppendInt(b, int64(t.Level)), t.Memory)
	return AppendString(AppendStrings(b, t.Folders), t.Request)
}

// ReadTask reads an errand, and nothing behind it.
func ReadTask(body []byte) (t Task, err error) {
	f := NewFields(body)
	t.Name = f.Text()
	t.Level, t.Memory = int8(f.Int()), f.Int() //nolint:gosec // a level of the log
	t.Folders = f.Texts()
	t.Request = f.Bytes()
	return t, f.End()
}
