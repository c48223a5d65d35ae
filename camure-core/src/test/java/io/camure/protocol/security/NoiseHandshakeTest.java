package io.camure.protocol.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The handshake is the published one, and what is not of it changes nothing. */
class NoiseHandshakeTest {

    private static final int TRANSPORT_MESSAGES = 6;

    private final Properties vectors = new Properties();

    @BeforeEach
    void load() throws IOException {
        try (InputStream source = NoiseHandshakeTest.class.getResourceAsStream("noise-nnpsk0.properties")) {
            vectors.load(source);
        }
    }

    private byte[] vector(String name) {
        return HexFormat.of().parseHex(vectors.getProperty(name));
    }

    private NoiseHandshake side(String name) {
        return new NoiseHandshake(vector("prologue"), vector("psk"), new X25519(vector(name + ".ephemeral")));
    }

    @Test
    void speaksThePublicVectors() {
        NoiseHandshake initiator = side("initiator");
        NoiseHandshake responder = side("responder");

        assertThat(initiator.writeFirst(vector("payload.1"))).isEqualTo(vector("ciphertext.1"));
        assertThat(responder.readFirst(vector("ciphertext.1"))).isEqualTo(vector("payload.1"));
        assertThat(responder.writeSecond(vector("payload.2"))).isEqualTo(vector("ciphertext.2"));
        assertThat(initiator.readSecond(vector("ciphertext.2"))).isEqualTo(vector("payload.2"));
        assertThat(initiator.hash()).isEqualTo(vector("handshake.hash"));
        assertThat(responder.hash()).isEqualTo(vector("handshake.hash"));
        assertThat(initiator.split()).isDeepEqualTo(responder.split());
        for (int i = 3; i <= TRANSPORT_MESSAGES; i++) {
            byte[] payload = vector("payload." + i);
            byte[] sealed = new byte[payload.length + Aead.TAG_BYTES];
            Aead key = new Aead(
                    SealingCipher.AES_256_GCM,
                    SealingCipher.AES_256_GCM.key(initiator.split()[(i + 1) % 2]));
            key.seal((i - 3) / 2, payload, payload.length, sealed, 0);
            assertThat(sealed).as("message %d", i).isEqualTo(vector("ciphertext." + i));
        }
    }

    @Test
    void whatWasChangedIsNotReadAndDoesNotKeepOutWhatWasNot() {
        NoiseHandshake initiator = side("initiator");
        byte[] first = initiator.writeFirst(vector("payload.1"));
        for (int i = 0; i < first.length; i++) {
            assertThat(side("responder").readFirst(changed(first, i))).isNull();
        }
        NoiseHandshake responder = side("responder");
        assertThat(responder.readFirst(new byte[0])).isNull();
        responder.readFirst(first);
        byte[] second = responder.writeSecond(vector("payload.2"));
        assertThat(second).isNotNull();
        for (int i = 0; i < second.length; i++) {
            assertThat(initiator.readSecond(changed(second, i))).isNull();
        }
        assertThat(initiator.readSecond(second)).isEqualTo(vector("payload.2"));
    }

    private static byte[] changed(byte[] message, int place) {
        byte[] changed = message.clone();
        changed[place] ^= 1;
        return changed;
    }

    @Test
    void anotherSharedKeyReadsNothing() {
        byte[] first = side("initiator").writeFirst(vector("payload.1"));
        byte[] other = vector("psk");
        other[31] ^= 1;
        NoiseHandshake responder =
                new NoiseHandshake(vector("prologue"), other, new X25519(vector("responder.ephemeral")));

        assertThat(responder.readFirst(first)).isNull();
    }

    /** RFC 7748, 6.1: a key by which everybody would know the result. */
    @Test
    void aKeyThatGivesTheResultAwayIsRefused() {
        NoiseHandshake initiator = side("initiator");
        initiator.writeFirst(new byte[0]);
        byte[] weak = new byte[NoiseHandshake.OVERHEAD_BYTES];
        assertThat(initiator.readSecond(weak)).isNull();
        Arrays.fill(weak, 1, X25519.BYTES, (byte) 0);
        weak[0] = 1;
        assertThat(initiator.readSecond(weak)).isNull();
    }
}
