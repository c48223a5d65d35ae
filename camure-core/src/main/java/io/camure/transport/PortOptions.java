package io.camure.transport;

import java.net.NetworkInterface;

/**
 * How sockets are opened.
 *
 * @param networkInterface where group traffic leaves and arrives
 * @param multicastTtl how many routers multicast datagrams may pass, plus one: 0…255
 * @param sendBufferBytes what to ask the kernel for, or 0 to leave it
 * @param receiveBufferBytes what to ask the kernel for, or 0 to leave it
 */
public record PortOptions(
        NetworkInterface networkInterface, int multicastTtl, int sendBufferBytes, int receiveBufferBytes) {}
