package fetch_test

import (
	"context"
	"fmt"

	"trackhook/scripting/internal/fetch"
)

// Without a grant, nothing of this machine or of a private network is reached.
func Example() {
	client, err := fetch.New(&fetch.Config{Plugin: "notify"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	_, err = client.Send(context.Background(), &fetch.Request{Method: "GET", URL: "http://127.0.0.1:9000/metrics", Redirect: "follow"})
	fmt.Println(err)
	// Output:
	// plugin notify may not connect to 127.0.0.1: it is a loopback address; to allow it, add "127.0.0.1:9000" to plugins.notify.allow_hosts in the configuration
}
