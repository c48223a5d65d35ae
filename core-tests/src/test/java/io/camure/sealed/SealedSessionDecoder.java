package io.camure.sealed;

import static io.camure.sealed.Primitives.ascii;
import static io.camure.sealed.Primitives.expand;
import static io.camure.sealed.Primitives.hmac;

import io.camure.sealed.Recording.Datagram;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens the recording of a sealed session with its secret and the private keys by which members have begun their handshakes. It was
 * written from docs/security.md and docs/protocol.md alone, uses nothing of camure, and shows that these are enough.
 */
final class SealedSessionDecoder {

    private static final int JOIN = 0;
    private static final int WELCOME = 1;
    private static final int GROUP_WELCOME = 11;
    private static final int BARRIER_RELEASED = 31;
    private static final int BROADCAST_QUERY = 42;
    private static final int BARRIER_BROKEN = 45;
    private static final int COOKIE = 54;
    private static final int KEY_CHANGE = 58;
    private static final int SEALED = 53;
    private static final int HANDSHAKE_FIELD = 21;
    private static final int CODE_FIELD = 22;
    private static final int WELCOME_HEADER_BYTES = 37;
    private static final int RECORD_HEADER_BYTES = 10;
    private static final int SEED_BYTES = 32;
    private static final int NUMBER_BYTES = 6;
    private static final int TOLD_KEY_BYTES = 1 + NUMBER_BYTES + SEED_BYTES + 1;
    private static final int CODE_OF_SLOT_BYTES = 8;
    private static final int CODE_BYTES = 16;

    private final byte[] psk;
    private final byte[] codeKey;
    private final List<byte[]> privateKeys;
    private final List<Join> joins = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();

    /** By scope, generation and group, as in the header of what is sealed. */
    private final Map<Integer, byte[]> sharedKeys = new HashMap<>();

    private final List<Opened> opened = new ArrayList<>();
    private final List<String> unopened = new ArrayList<>();
    private int cipher;

    /** A first message of a handshake. */
    private record Join(InetSocketAddress from, byte[] message) {}

    /** What a handshake has come to. */
    private record Link(int id, InetSocketAddress member, byte[] ofMember, byte[] ofCoordinator) {}

    /**
     * What was in a datagram.
     *
     * @param under {@code handshake}, {@code link 7}, {@code session} or {@code group 1}
     */
    record Opened(InetSocketAddress from, InetSocketAddress to, String under, long number, byte[] chunk) {

        int id() {
            return chunk[0] & 0xff;
        }

        @Override
        public String toString() {
            return from + " -> " + to + " " + under + " #" + number + ": " + ChunkNames.of(id()) + ", " + chunk.length
                    + " bytes";
        }
    }

    SealedSessionDecoder(byte[] secret, List<byte[]> privateKeys) throws GeneralSecurityException {
        byte[] root = hmac(ascii("camure secret 1"), secret);
        psk = expand(root, "handshake", 32);
        codeKey = expand(root, "join", 32);
        this.privateKeys = privateKeys;
    }

    SealedSessionDecoder read(List<Datagram> recording) throws GeneralSecurityException {
        for (Datagram datagram : recording) {
            switch (datagram.bytes()[0]) {
                case JOIN -> readJoin(datagram);
                case WELCOME -> readWelcome(datagram);
                case SEALED -> readSealed(datagram);
                case COOKIE -> opened.add(new Opened(datagram.from(), datagram.to(), "handshake", 0, datagram.bytes()));
                default -> unopened.add(datagram + " is in clear");
            }
        }
        return this;
    }

    /** All chunks, in the order in which they were sent. */
    List<Opened> opened() {
        return opened;
    }

    /** What could not be opened, and why. */
    List<String> unopened() {
        return unopened;
    }

    private void readJoin(Datagram datagram) throws GeneralSecurityException {
        byte[] bytes = datagram.bytes();
        int messageEnd = 3 + (bytes[2] & 0xff);
        byte[] code = Arrays.copyOf(hmac(codeKey, Arrays.copyOf(bytes, messageEnd)), CODE_BYTES);
        if (bytes[1] != HANDSHAKE_FIELD
                || bytes[messageEnd] != CODE_FIELD
                || bytes[messageEnd + 1] != CODE_BYTES
                || !Arrays.equals(code, Arrays.copyOfRange(bytes, messageEnd + 2, bytes.length))) {
            unopened.add("no join under this secret: " + datagram);
            return;
        }
        joins.add(0, new Join(datagram.from(), Arrays.copyOfRange(bytes, 3, messageEnd)));
        opened.add(new Opened(datagram.from(), datagram.to(), "handshake", 0, bytes));
    }

    private void readWelcome(Datagram datagram) throws GeneralSecurityException {
        byte[] bytes = datagram.bytes();
        byte[] message = Arrays.copyOfRange(
                bytes, WELCOME_HEADER_BYTES + 2, WELCOME_HEADER_BYTES + 2 + (bytes[WELCOME_HEADER_BYTES + 1] & 0xff));
        for (Join join : joins) {
            if (join.from().equals(datagram.to()) && readWelcome(join, message)) {
                opened.add(new Opened(datagram.from(), datagram.to(), "handshake", 0, bytes));
                return;
            }
        }
        unopened.add("a welcome to no join that is known: " + datagram);
    }

    private boolean readWelcome(Join join, byte[] message) throws GeneralSecurityException {
        for (byte[] privateKey : privateKeys) {
            if (!Arrays.equals(Primitives.x25519Public(privateKey), Arrays.copyOf(join.message(), 32))) {
                continue;
            }
            NoiseListener noise = new NoiseListener(ascii("camure sealed session 1"), psk);
            noise.first(join.message());
            ByteBuffer payload;
            try {
                payload = ByteBuffer.wrap(noise.second(message, privateKey));
            } catch (GeneralSecurityException e) {
                // It answers an earlier join.
                return false;
            }
            cipher = payload.get();
            int id = payload.getShort() & 0xffff;
            learn(1, 0, payload);
            byte[][] halves = noise.split();
            links.add(0, new Link(id, join.from(), halves[0], halves[1]));
            return true;
        }
        return false;
    }

    private int keyBytes() {
        return cipher == 1 ? 16 : 32;
    }

    /** A key as it is told: generation, the number of the next datagram, seed, slot. */
    private void learn(int scope, int place, ByteBuffer told) throws GeneralSecurityException {
        int generation = told.get();
        byte[] seed = new byte[SEED_BYTES];
        told.position(told.position() + NUMBER_BYTES).get(seed);
        sharedKeys.put(
                reference(scope, generation, place),
                expand(seed, "camure " + (scope == 1 ? "session " : "group ") + cipher, keyBytes()));
    }

    private static int reference(int scope, int generation, int place) {
        return scope << 22 | generation << 16 | place;
    }

    private void readSealed(Datagram datagram) throws GeneralSecurityException {
        byte[] bytes = datagram.bytes();
        ByteBuffer header = ByteBuffer.wrap(bytes);
        int scope = (header.get(1) & 0xff) >> 6;
        int generation = header.get(1) & 0x3f;
        int id = header.getShort(2) & 0xffff;
        long number = (long) (header.getShort(4) & 0xffff) << 32 | header.getInt(6) & 0xffffffffL;
        for (byte[] key : keys(datagram, scope, generation, id)) {
            byte[] chunk = open(key, number, bytes);
            if (chunk != null) {
                String under = scope == 0 ? "link " + id : scope == 1 ? "session" : "group " + id;
                opened.add(new Opened(
                        datagram.from(),
                        datagram.to(),
                        under + " generation " + generation,
                        number,
                        scope == 2 ? withoutCodes(chunk) : chunk));
                learn(chunk);
                return;
            }
        }
        unopened.add("scope " + scope + ", generation " + generation + ", id " + id + ": " + datagram);
    }

    /** @return {@code null} when it was not sealed under the key */
    private byte[] open(byte[] key, long number, byte[] datagram) {
        try {
            return Primitives.open(
                    cipher != 3,
                    key,
                    number,
                    Arrays.copyOf(datagram, RECORD_HEADER_BYTES),
                    Arrays.copyOfRange(datagram, RECORD_HEADER_BYTES, datagram.length));
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    /** Those of an earlier link of the same number, too. */
    private List<byte[]> keys(Datagram datagram, int scope, int generation, int id) throws GeneralSecurityException {
        List<byte[]> keys = new ArrayList<>();
        if (scope != 0) {
            byte[] shared = sharedKeys.get(reference(scope, generation, id));
            if (shared != null) {
                keys.add(shared);
            }
            return keys;
        }
        for (Link link : links) {
            if (link.id() == id) {
                boolean ofMember = link.member().equals(datagram.from());
                byte[] key = ofMember ? link.ofMember() : link.ofCoordinator();
                for (int i = 0; i < generation; i++) {
                    key = expand(key, "camure next", 32);
                }
                keys.add(expand(key, (ofMember ? "camure to coordinator " : "camure to member ") + cipher, keyBytes()));
            }
        }
        return keys;
    }

    /** What shows each member that the chunk is from the coordinator, and their count at the end. */
    private static byte[] withoutCodes(byte[] chunk) {
        return switch (chunk[0]) {
            case BARRIER_RELEASED, BROADCAST_QUERY, BARRIER_BROKEN -> {
                int codes = chunk[chunk.length - 1];
                yield Arrays.copyOf(chunk, chunk.length - 1 - codes * CODE_OF_SLOT_BYTES);
            }
            default -> chunk;
        };
    }

    /** The key of a group stands behind each welcome to it, and in changes of keys. */
    private void learn(byte[] chunk) throws GeneralSecurityException {
        ByteBuffer buffer = ByteBuffer.wrap(chunk);
        if (chunk[0] == GROUP_WELCOME) {
            learn(2, buffer.getShort(1) & 0xffff, buffer.position(chunk.length - TOLD_KEY_BYTES));
        } else if (chunk[0] == KEY_CHANGE) {
            learn((chunk[1] & 0xff) >> 6, buffer.getShort(2) & 0xffff, buffer.position(8));
        }
    }
}
