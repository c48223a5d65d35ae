package io.camure.doctor;

import org.jspecify.annotations.Nullable;

/**
 * Whether one node hears another.
 *
 * @param from who sends
 * @param to who is to hear it
 * @param unicast whether it arrives when it is sent to that node alone
 * @param multicast whether it arrives when it is sent to the multicast address; {@code null} when that was not tried
 * @param roundTripMicros how long there and back takes, the median in microseconds; {@code null} when it was not measured
 * @param largestBytes the largest datagram that arrives by unicast; {@code null} when that was not tried
 * @param largestMulticastBytes the same by multicast
 */
public record Hearing(
        String from,
        String to,
        boolean unicast,
        @Nullable Boolean multicast,
        @Nullable Long roundTripMicros,
        @Nullable Integer largestBytes,
        @Nullable Integer largestMulticastBytes) {}
