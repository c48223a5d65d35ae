package io.camure.sealed;

import java.util.Map;

/** What docs/protocol.md calls chunks, by their first byte. */
final class ChunkNames {

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0, "SessionJoin"),
            Map.entry(1, "SessionWelcome"),
            Map.entry(10, "GroupJoin"),
            Map.entry(11, "GroupWelcome"),
            Map.entry(12, "GroupAck"),
            Map.entry(13, "GroupLeave"),
            Map.entry(14, "GroupDisconnected"),
            Map.entry(20, "BroadcastMessage"),
            Map.entry(21, "BroadcastFirstMessageFragment"),
            Map.entry(22, "BroadcastMessageFragment"),
            Map.entry(23, "BroadcastFinalMessageFragment"),
            Map.entry(30, "BarrierReached"),
            Map.entry(31, "BarrierReleased"),
            Map.entry(40, "SessionRefused"),
            Map.entry(41, "BroadcastStatus"),
            Map.entry(42, "BroadcastQuery"),
            Map.entry(43, "BroadcastBundle"),
            Map.entry(44, "SessionLeave"),
            Map.entry(45, "BarrierBroken"),
            Map.entry(46, "BroadcastTagged"),
            Map.entry(47, "GroupPending"),
            Map.entry(48, "MulticastProbe"),
            Map.entry(49, "PathProbe"),
            Map.entry(50, "BroadcastPiece"),
            Map.entry(54, "Cookie"),
            Map.entry(55, "EchoRequest"),
            Map.entry(56, "EchoAnswer"),
            Map.entry(58, "KeyChange"),
            Map.entry(59, "KeyChangeAck"));

    private ChunkNames() {}

    static String of(int id) {
        return NAMES.getOrDefault(id, "chunk " + id);
    }
}
