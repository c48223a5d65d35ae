package io.camure;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * A completed round of a barrier.
 *
 * @param number counts from 0, the same on all nodes; at a member it counts modulo 65536 where it joined later than that
 * @param participants how many nodes took part, the coordinator included; 0 at a member whose coordinator does not tell,
 *     as 0.1 ones don't
 * @param duration from this node's arrival until it knew that all had arrived
 * @param lostMembers the members that were lost since the round before; known at the coordinator only
 */
public record Round(long number, int participants, Duration duration, List<InetSocketAddress> lostMembers) {}
