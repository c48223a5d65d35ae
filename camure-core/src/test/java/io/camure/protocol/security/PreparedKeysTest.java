package io.camure.protocol.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.DropReason;
import io.camure.wire.SealedHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is done ahead for the next datagram changes none, whichever comes. */
class PreparedKeysTest {

    private static final byte[] CHUNK = "a chunk".getBytes(StandardCharsets.US_ASCII);

    private static Aead aead(SealingCipher cipher) {
        return new Aead(cipher, cipher.derive(new byte[Hkdf.HASH_BYTES], "test"));
    }

    private static SealingKey sealing(SealingCipher cipher) {
        return new SealingKey(aead(cipher), SealedHeader.Scope.LINK, 7, 3);
    }

    private static byte[] seal(SealingKey key) {
        byte[] sealed = new byte[CHUNK.length + SealingKey.OVERHEAD_BYTES];
        key.seal(CHUNK, CHUNK.length, sealed);
        return sealed;
    }

    private static List<byte[]> sealed(SealingCipher cipher, int datagrams) {
        SealingKey key = sealing(cipher);
        List<byte[]> sealed = new ArrayList<>();
        for (int i = 0; i < datagrams; i++) {
            sealed.add(seal(key));
        }
        return sealed;
    }

    private static DropReason open(OpeningKey key, byte[] datagram, int number) {
        byte[] chunk = new byte[datagram.length];
        DropReason reason = key.open(datagram, datagram.length, number, chunk);
        if (reason == null) {
            assertThat(Arrays.copyOf(chunk, key.openedBytes())).isEqualTo(CHUNK);
            reason = key.take(number, false);
        }
        return reason;
    }

    @ParameterizedTest
    @EnumSource(SealingCipher.class)
    void aPreparedKeySealsAsAnotherDoes(SealingCipher cipher) {
        SealingKey prepared = sealing(cipher);
        List<byte[]> sealed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            prepared.prepare();
            prepared.prepare();
            sealed.add(seal(prepared));
            sealed.add(seal(prepared));
        }

        assertThat(sealed).containsExactlyElementsOf(sealed(cipher, 6));
    }

    @ParameterizedTest
    @EnumSource(SealingCipher.class)
    void aPreparedKeyOpensWhatComesNextAndWhatDoesNot(SealingCipher cipher) {
        List<byte[]> sealed = sealed(cipher, 8);
        OpeningKey key = new OpeningKey(aead(cipher), 0);
        for (int number : new int[] {0, 1, 2, 5, 4, 3, 7}) {
            assertThat(open(key, sealed.get(number), number))
                    .as("number %d", number)
                    .isNull();
            key.prepare();
        }

        assertThat(open(key, sealed.get(5), 5)).isEqualTo(DropReason.REPLAYED);
    }

    @ParameterizedTest
    @EnumSource(SealingCipher.class)
    void forgeriesOfWhatIsExpectedDoNotKeepItOut(SealingCipher cipher) {
        List<byte[]> sealed = sealed(cipher, 2);
        OpeningKey key = new OpeningKey(aead(cipher), 0);
        open(key, sealed.get(0), 0);
        key.prepare();
        byte[] otherText = sealed.get(1).clone();
        otherText[SealedHeader.BYTES] ^= 1;
        byte[] otherHeader = sealed.get(1).clone();
        otherHeader[1] ^= 1;

        assertThat(open(key, otherText, 1)).isEqualTo(DropReason.UNAUTHENTICATED);
        key.prepare();
        assertThat(open(key, otherHeader, 1)).isEqualTo(DropReason.UNAUTHENTICATED);
        key.prepare();
        assertThat(open(key, sealed.get(1), 1)).isNull();
    }
}
