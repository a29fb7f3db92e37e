/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate authority of the mesh, and a certificate a workload, made by openssl. */
final class TestPki {

  private final Path directory;

  TestPki(Path directory) {
    this.directory = directory;
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", file("ca.key"));
    openssl(
        "req",
        "-x509",
        "-new",
        "-key",
        file("ca.key"),
        "-subj",
        "/O=cluster.local",
        "-days",
        "2",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-out",
        file("ca.crt"));
  }

  Path directory() {
    return directory;
  }

  void issue(String workload, String namespace, String serviceAccount) throws IOException {
    Path extensions = directory.resolve(workload + ".ext");
    Files.writeString(
        extensions,
        "subjectAltName=critical,URI:spiffe://cluster.local/ns/"
            + namespace
            + "/sa/"
            + serviceAccount
            + "\nextendedKeyUsage=serverAuth,clientAuth\n");
    String key = file(workload + ".key");
    String request = file(workload + ".csr");
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key);
    openssl("req", "-new", "-key", key, "-subj", "/", "-out", request);
    openssl(
        "x509",
        "-req",
        "-in",
        request,
        "-CA",
        file("ca.crt"),
        "-CAkey",
        file("ca.key"),
        "-CAcreateserial",
        "-days",
        "1",
        "-extfile",
        extensions.toString(),
        "-out",
        file(workload + ".crt"));
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  private static void openssl(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "openssl";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    CommandRunner.run(command);
  }
}
