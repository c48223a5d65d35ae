package io.camure.protocol;

import static io.camure.protocol.CertifiedSession.requiring;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.CertifiedSession.Shown;
import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.security.Secret;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import io.camure.wire.HandshakeChunk;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What keys were made of is kept no longer than it is needed: who gets at a node's memory later does not find it. */
class ForgottenKeysTest {

    private static final int RANDOM_BYTES = 32;

    /** All bytes of a node that can be reached by way of camure's classes, collections and arrays. */
    private static final class Memory {

        private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        private final ArrayDeque<Object> open = new ArrayDeque<>();
        private final StringBuilder bytes = new StringBuilder();

        static boolean has(Object node, byte[] secret) throws IllegalAccessException {
            Memory memory = new Memory();
            memory.add(node);
            while (!memory.open.isEmpty()) {
                memory.look(memory.open.remove());
            }
            return memory.bytes.indexOf(text(secret)) >= 0;
        }

        private static String text(byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        private void add(@Nullable Object object) {
            if (object != null && seen.add(object)) {
                open.add(object);
            }
        }

        private void look(Object object) throws IllegalAccessException {
            if (object instanceof byte[] array) {
                bytes.append(text(array)).append('|');
            } else if (object instanceof ByteBuffer buffer && buffer.hasArray()) {
                add(buffer.array());
            } else if (object instanceof Object[] array) {
                Arrays.stream(array).forEach(this::add);
            } else if (object instanceof Collection<?> collection) {
                collection.forEach(this::add);
            } else if (object instanceof Map<?, ?> map) {
                map.keySet().forEach(this::add);
                map.values().forEach(this::add);
            } else if (object.getClass().getName().startsWith("io.camure.")) {
                fields(object);
            }
        }

        private void fields(Object object) throws IllegalAccessException {
            for (Class<?> type = object.getClass(); type != Object.class; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()
                            && !field.getType().isEnum()) {
                        field.setAccessible(true);
                        add(field.get(object));
                    }
                }
            }
        }
    }

    @Test
    void theRandomNumbersOfAHandshakeByCertificates() throws Exception {
        CertifiedSession session =
                new CertifiedSession(Faults.NONE, Session.CHUNK_BYTES, requiring(Shown.of("coordinator")));
        MemberSession member = session.asking(requiring(Shown.of("orders")));
        byte[] ofMember = new byte[RANDOM_BYTES];
        Random same = new Random(CertifiedSession.SEED_OF_FIRST_MEMBER);
        same.nextLong();
        same.nextBytes(ofMember);
        session.network.runUntil(
                session.network.nowNanos() + SECONDS.toNanos(1),
                () -> session.coordinator.counters().handshakes(HandshakeOutcome.COMPLETED) > 0);
        assertThat(Memory.has(session.coordinator, ofMember)).isTrue();

        session.network.runFor(SECONDS.toNanos(7));
        assertThat(member.isJoined()).isTrue();
        assertThat(Memory.has(session.coordinator, ofMember)).isFalse();
        assertThat(Memory.has(member, ofMember)).isFalse();
    }

    /** The coordinator has forgotten it by then, so that the member would speak under keys that nobody knows. */
    @Test
    void aHandshakeThatALinkInUseHasMadeNeedless() {
        Session session = new Session(GroupDelivery.MULTICAST, List.of(new Secret(new byte[RANDOM_BYTES])));
        Session.Node member = session.member();
        List<Transmission> sent = session.network.record();
        session.network.dropIf((source, destination, chunk) -> source.equals(COORDINATOR));
        session.network.runUntil(
                session.network.nowNanos() + SECONDS.toNanos(5),
                () -> sent.stream().anyMatch(ForgottenKeysTest::isWelcome));
        List<Transmission> late =
                sent.stream().filter(ForgottenKeysTest::isWelcome).toList();
        assertThat(late).isNotEmpty();
        session.network.dropIf((source, destination, chunk) -> false);
        session.network.runFor(MILLISECONDS.toNanos(6500));
        assertThat(member.session.loss()).isNull();
        assertThat(member.session.counters().handshakes(HandshakeOutcome.COMPLETED))
                .isOne();

        long dropped = member.session.counters().dropped(DropReason.DUPLICATE);
        late.forEach(one ->
                member.session.onDatagram(COORDINATOR, ByteBuffer.wrap(one.bytes()), session.network.nowNanos()));

        assertThat(member.session.counters().dropped(DropReason.DUPLICATE)).isEqualTo(dropped + late.size());
        session.network.runFor(SECONDS.toNanos(10));
        assertThat(member.session.loss()).isNull();
        assertThat(session.coordinator.peerCount()).isOne();
    }

    private static boolean isWelcome(Transmission one) {
        return HandshakeChunk.isWelcome(ByteBuffer.wrap(one.bytes()));
    }
}
