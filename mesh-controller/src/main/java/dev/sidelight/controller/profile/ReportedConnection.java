/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

/**
 * One end of a connection in an interval.
 *
 * @param cookie of its socket
 * @param initiator whether it opened the connection
 * @param process owner's executable
 * @param localPort its own
 * @param remoteAddress canonical
 * @param remotePort the other end's, as this one knows it
 * @param peerCookie of the other end where that is in the pod, else 0
 * @param peer name of the process, or of the workload
 * @param peerKind "process", "workload" or "remote"
 * @param protocol what it speaks
 * @param tls whether it is encrypted
 * @param closed whether it ended
 * @param figures what it carried
 */
record ReportedConnection(
    long cookie,
    boolean initiator,
    String process,
    int localPort,
    String remoteAddress,
    int remotePort,
    long peerCookie,
    String peer,
    String peerKind,
    String protocol,
    boolean tls,
    boolean closed,
    Figures figures) {}
