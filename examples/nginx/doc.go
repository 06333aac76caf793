// Package nginx holds a configuration of nginx that sends each device to one of several hosts; see README.md.
//
// # Files
//
//	nginx.conf  the configuration
package nginx
