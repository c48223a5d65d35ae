package io.camure.faults.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which datagrams of a session the kernel drops, as a classic BPF program for {@code tc filter … bpf direct-action}. It looks
 * at the first byte behind Ethernet, IPv4 and UDP header, which is the id of the chunk: see docs/protocol.md.
 */
public final class PacketFilter {

    private static final List<Integer> DATA_CHUNKS = List.of(20, 21, 22, 23, 43, 46, 57);

    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_BYTE = 0x30;
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_AT_LEAST = 0x35;
    private static final int RETURN = 0x06;

    private static final int ETHERTYPE_OFFSET = 12;
    private static final int PROTOCOL_OFFSET = 23;
    private static final int DESTINATION_OFFSET = 30;
    private static final int CHUNK_OFFSET = 42;
    private static final int FIRST_MULTICAST = 224;
    private static final int IPV4 = 0x0800;
    private static final int UDP = 17;

    /** SKF_AD_OFF + SKF_AD_RANDOM: a random number in place of bytes of the packet. */
    private static final long RANDOM = 0x1_0000_0000L - 0x1000 + 56;

    private static final long DROP = 2;

    /** TC_ACT_UNSPEC: what the next filter says, and there is none. */
    private static final long PASS = 0xFFFF_FFFFL;

    private final List<String> instructions = new ArrayList<>();

    private PacketFilter() {}

    /** Drops that share of the data chunks of broadcasts. */
    public static PacketFilter ofData(double share) {
        return new PacketFilter().build(share, true);
    }

    /** Drops that share of all other chunks. */
    public static PacketFilter ofControl(double share) {
        return new PacketFilter().build(share, false);
    }

    /** Drops everything that goes to a multicast address. */
    public static PacketFilter ofMulticast() {
        PacketFilter filter = new PacketFilter();
        filter.add(LOAD_HALF, 0, 0, ETHERTYPE_OFFSET);
        filter.add(JUMP_IF_EQUAL, 0, 3, IPV4);
        filter.add(LOAD_BYTE, 0, 0, DESTINATION_OFFSET);
        filter.add(JUMP_IF_AT_LEAST, 0, 1, FIRST_MULTICAST);
        filter.add(RETURN, 0, 0, DROP);
        filter.add(RETURN, 0, 0, PASS);
        return filter;
    }

    private PacketFilter build(double share, boolean data) {
        // Behind the comparisons of the chunk: load, compare, drop, pass.
        int types = DATA_CHUNKS.size();
        add(LOAD_HALF, 0, 0, ETHERTYPE_OFFSET);
        add(JUMP_IF_EQUAL, 0, types + 6, IPV4);
        add(LOAD_BYTE, 0, 0, PROTOCOL_OFFSET);
        add(JUMP_IF_EQUAL, 0, types + 4, UDP);
        add(LOAD_BYTE, 0, 0, CHUNK_OFFSET);
        for (int i = 0; i < types; i++) {
            int left = types - 1 - i;
            boolean last = left == 0;
            int toRandom = left;
            int toPass = left + 3;
            add(JUMP_IF_EQUAL, data ? toRandom : toPass, last && data ? toPass : 0, DATA_CHUNKS.get(i));
        }
        add(LOAD_WORD, 0, 0, RANDOM);
        add(JUMP_IF_AT_LEAST, 1, 0, Math.min((long) (share * 0x1_0000_0000L), 0xFFFF_FFFFL));
        add(RETURN, 0, 0, DROP);
        add(RETURN, 0, 0, PASS);
        return this;
    }

    private void add(int code, int ifTrue, int ifFalse, long operand) {
        instructions.add(String.format(Locale.ROOT, "%d %d %d %d", code, ifTrue, ifFalse, operand));
    }

    /** As {@code tc} takes it. */
    String bytecode() {
        return instructions.size() + "," + String.join(",", instructions);
    }
}
