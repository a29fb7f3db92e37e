// Copyright The Sidelight Authors
// SPDX-License-Identifier: Apache-2.0

// The program of the tests in Go: server PORT, or server PORT http2 for h2c. GET answers 200, or 404 below /missing; POST
// reads its body and answers 201.
package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"strings"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/h2c"
)

var body = []byte(`{"program": "go", "filler": "` + strings.Repeat("x", 200) + `"}`)

func answer(writer http.ResponseWriter, request *http.Request) {
	status := http.StatusOK
	if request.Method == http.MethodPost {
		io.Copy(io.Discard, request.Body)
		status = http.StatusCreated
	} else if strings.HasPrefix(request.URL.Path, "/missing") {
		status = http.StatusNotFound
	}
	writer.WriteHeader(status)
	writer.Write(body)
}

func main() {
	var handler http.Handler = http.HandlerFunc(answer)
	if len(os.Args) > 2 {
		handler = h2c.NewHandler(handler, &http2.Server{})
	}
	log.Fatal(http.ListenAndServe("0.0.0.0:"+os.Args[1], handler))
}
