package io.camure.transport.linux;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The objects for addresses that datagrams came from, so that none is made for a datagram from a known one. It grows with the
 * number of sources up to a bound, at which it forgets all and begins anew: who forges sources costs time, but no memory.
 */
final class SourceAddresses {

    static final int MAXIMUM_SOURCES = 32768;

    private static final int FIRST_SLOTS = 64;
    private static final int KEY_LONGS = 3;

    private @Nullable InetSocketAddress[] addresses = new InetSocketAddress[FIRST_SLOTS];
    private long[] keys = new long[KEY_LONGS * FIRST_SLOTS];
    private int size;

    /** The address in a structure that the kernel has filled. */
    InetSocketAddress get(MemorySegment memory, long offset) {
        long key0;
        long key1;
        long key2 = memory.get(SocketAddresses.NETWORK_INT, offset);
        if (memory.get(SocketAddresses.HOST_SHORT, offset + Libc.SOCKADDR_FAMILY) == Libc.AF_INET6) {
            key0 = memory.get(SocketAddresses.NETWORK_LONG, offset + Libc.SOCKADDR_IN6_ADDRESS);
            key1 = memory.get(SocketAddresses.NETWORK_LONG, offset + Libc.SOCKADDR_IN6_ADDRESS + 8);
            key2 |= (long) memory.get(SocketAddresses.HOST_INT, offset + Libc.SOCKADDR_IN6_SCOPE) << 32;
        } else {
            key0 = memory.get(SocketAddresses.NETWORK_INT, offset + Libc.SOCKADDR_IN_ADDRESS);
            key1 = 0;
        }
        int slot = slotOf(key0, key1, key2);
        InetSocketAddress known = addresses[slot];
        return known != null ? known : add(key0, key1, key2, SocketAddresses.decode(memory, offset));
    }

    int size() {
        return size;
    }

    private InetSocketAddress add(long key0, long key1, long key2, InetSocketAddress address) {
        if (size == MAXIMUM_SOURCES) {
            Arrays.fill(addresses, null);
            size = 0;
        } else if (2 * (size + 1) > addresses.length) {
            grow();
        }
        put(key0, key1, key2, address);
        size++;
        return address;
    }

    private void put(long key0, long key1, long key2, InetSocketAddress address) {
        int slot = slotOf(key0, key1, key2);
        addresses[slot] = address;
        keys[KEY_LONGS * slot] = key0;
        keys[KEY_LONGS * slot + 1] = key1;
        keys[KEY_LONGS * slot + 2] = key2;
    }

    private void grow() {
        @Nullable InetSocketAddress[] oldAddresses = addresses;
        long[] oldKeys = keys;
        addresses = new InetSocketAddress[2 * oldAddresses.length];
        keys = new long[2 * oldKeys.length];
        for (int i = 0; i < oldAddresses.length; i++) {
            InetSocketAddress address = oldAddresses[i];
            if (address != null) {
                put(oldKeys[KEY_LONGS * i], oldKeys[KEY_LONGS * i + 1], oldKeys[KEY_LONGS * i + 2], address);
            }
        }
    }

    /** The slot that has the key, or the free one where it belongs. There is one, as at most half are taken. */
    private int slotOf(long key0, long key1, long key2) {
        int mask = addresses.length - 1;
        long hash = ((key0 * 31 + key1) * 31 + key2) * 0x9E3779B97F4A7C15L;
        int slot = (int) (hash >>> 40) & mask;
        while (addresses[slot] != null
                && (keys[KEY_LONGS * slot] != key0
                        || keys[KEY_LONGS * slot + 1] != key1
                        || keys[KEY_LONGS * slot + 2] != key2)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
