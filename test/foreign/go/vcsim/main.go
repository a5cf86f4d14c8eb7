// A vCenter of the govmomi simulator on loopback: one datacenter, one cluster, four hosts. Prints its address when
// it is ready, and ends with its standard input.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"

	"github.com/vmware/govmomi/simulator"
)

func main() {
	certificate := flag.String("cert", "", "file of the certificate (PEM)")
	key := flag.String("key", "", "file of its key (PEM)")
	user := flag.String("username", "", "the account that may sign in")
	password := flag.String("password", "", "its password")
	flag.Parse()

	model := simulator.VPX()
	model.Host = 0
	model.ClusterHost = 4
	model.Machine = 6
	if err := model.Create(); err != nil {
		log.Fatal(err)
	}
	pair, err := tls.LoadX509KeyPair(*certificate, *key)
	if err != nil {
		log.Fatal(err)
	}
	service := model.Service
	service.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	service.Listen = &url.URL{Host: "127.0.0.1:0", User: url.UserPassword(*user, *password)}
	server := service.NewServer()
	fmt.Printf("READY %s\n", server.URL.Host)
	_, _ = io.Copy(io.Discard, os.Stdin)
	server.Close()
	model.Remove()
}
