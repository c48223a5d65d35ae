package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.DropReason;
import io.camure.wire.SealedHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The keys of a link follow from one another, and the other side follows them. */
class LinkKeysTest {

    private static final int DATAGRAMS_A_KEY = 4;
    private static final int KEYS = 3 * SealedHeader.GENERATIONS;
    private static final byte[] TEXT = new byte[32];

    private final LinkDirection direction = LinkDirection.toMember(SealingCipher.AES_128_GCM);
    private final LinkSealing sealing = new LinkSealing(
            direction, 1, new byte[Hkdf.HASH_BYTES], new KeyLimits(DATAGRAMS_A_KEY, HOURS.toNanos(1)), 0);
    private final LinkOpening opening = new LinkOpening(direction, new byte[Hkdf.HASH_BYTES]);
    private final Opener opener = new Opener();
    private long nowNanos;

    private byte[] sealed() {
        byte[] target = new byte[TEXT.length + SealingKey.OVERHEAD_BYTES];
        sealing.key(nowNanos).seal(TEXT, TEXT.length, target);
        return target;
    }

    private List<byte[]> underKeys(int keys) {
        List<byte[]> sealed = new ArrayList<>();
        for (int i = 0; i < keys * DATAGRAMS_A_KEY; i++) {
            sealed.add(sealed());
        }
        return sealed;
    }

    private @Nullable DropReason open(byte[] sealed) {
        ByteBuffer datagram = ByteBuffer.wrap(sealed);
        int generation = SealedHeader.generation(datagram);
        OpeningKey key = opening.find(generation, nowNanos);
        if (key == null) {
            return DropReason.UNKNOWN_KEY;
        }
        DropReason reason = opener.open(key, datagram);
        if (reason == null) {
            opening.onOpened(generation, nowNanos);
        }
        return reason;
    }

    @Test
    void noNumberIsUsedTwiceUnderAKey() {
        Set<String> ciphertexts = new HashSet<>();
        for (byte[] each : underKeys(KEYS)) {
            // The same text under the same key and number is the same ciphertext.
            ciphertexts.add(Arrays.toString(Arrays.copyOfRange(each, SealedHeader.BYTES, each.length)));
        }

        assertThat(ciphertexts).hasSize(KEYS * DATAGRAMS_A_KEY);
    }

    @Test
    void allIsOpenedOnceInTheOrderInWhichItWasSealed() {
        long order = -1;
        for (byte[] each : underKeys(KEYS)) {
            assertThat(open(each)).isNull();
            assertThat(open(each)).isEqualTo(DropReason.REPLAYED);
            ByteBuffer datagram = ByteBuffer.wrap(each);
            long next = opening.order(SealedHeader.generation(datagram), SealedHeader.number(datagram));
            assertThat(next).isGreaterThan(order);
            order = next;
        }
    }

    @Test
    void allThatIsSealedUnderEightKeysMayBeLost() {
        assertThat(open(sealed())).isNull();
        underKeys(8);
        assertThat(open(sealed())).isNull();
        underKeys(9);
        assertThat(open(sealed())).isEqualTo(DropReason.UNKNOWN_KEY);
    }

    @Test
    void theKeyBeforeOpensForFiveSeconds() {
        List<byte[]> late = underKeys(1);
        assertThat(open(sealed())).isNull();
        nowNanos = SECONDS.toNanos(5) - 1;
        assertThat(open(late.get(0))).isNull();
        nowNanos++;
        assertThat(open(late.get(1))).isEqualTo(DropReason.UNKNOWN_KEY);
    }

    @Test
    void theKeyBeforeIsNotKeptForLonger() {
        underKeys(1);
        assertThat(open(sealed())).isNull();
        assertThat(opening.find(0, nowNanos)).isNotNull();
        opening.find(1, SECONDS.toNanos(5));

        assertThat(opening.find(0, nowNanos)).isNull();
    }

    @Test
    void whatIsForgedDoesNotLeadOn() {
        byte[] forged = sealed();
        forged[1] = 3;

        assertThat(open(forged)).isEqualTo(DropReason.UNAUTHENTICATED);
        assertThat(open(sealed())).isNull();
    }
}
