package io.camure;

import io.camure.protocol.base.Checks;
import io.camure.protocol.security.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * What seals a session: all its nodes share a secret, and who does not have it can neither read what they say nor say anything
 * that they take. Immutable; it never shows the secret itself.
 *
 * <p>A member joins with its first secret, a coordinator lets in who has any of its own. So a secret is changed without a gap by
 * adding the new one at the coordinator, then putting it in the place of the old one at the members, then dropping the old one at
 * the coordinator.
 */
public final class Security {

    private final Cipher cipher;
    private final List<SecretKey> secrets;
    private final List<String> fingerprints;

    /** By what datagrams are sealed. The coordinator's is taken by all. */
    public enum Cipher {
        /** The fastest where the processor knows AES, as nearly all servers' do. */
        AES_128_GCM,
        /** The same with a longer key, for who has to have one. */
        AES_256_GCM,
        /** For processors that don't know AES. */
        CHACHA20_POLY1305;

        /** As properties write it, such as {@code aes-128-gcm}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private Security(Cipher cipher, List<SecretKey> secrets) {
        this.cipher = cipher;
        this.secrets = List.copyOf(secrets);
        fingerprints = secrets.stream()
                .map(secret -> new Secret(secret.getEncoded()).fingerprint())
                .toList();
    }

    /**
     * Seals by {@link Cipher#AES_128_GCM}.
     *
     * @param secret at least 16 random bytes, better 32, the same at all nodes and nowhere else; copied
     * @throws IllegalArgumentException when it is shorter
     */
    public static Security secret(byte[] secret) {
        return new Security(Cipher.AES_128_GCM, List.of(key(secret)));
    }

    private static SecretKey key(byte[] secret) {
        // Refuses one that is too short.
        new Secret(Checks.given("secret", secret));
        return new SecretKeySpec(secret, "RAW");
    }

    /** The same, with one more secret that members may have. A node that is a member itself does not use it. */
    public Security acceptAlso(byte[] secret) {
        List<SecretKey> all = new ArrayList<>(secrets);
        all.add(key(secret));
        return new Security(cipher, all);
    }

    /** The same, with another cipher. What counts is the coordinator's. */
    public Security cipher(Cipher cipher) {
        return new Security(Checks.given("cipher", cipher), secrets);
    }

    public Cipher cipher() {
        return cipher;
    }

    /** The secrets themselves, for who runs sessions; the first is the one that a member joins with. Not to be shown or logged. */
    public List<SecretKey> secrets() {
        return secrets;
    }

    /** What tells the secrets from others in logs and errors, in their order: eight hexadecimal digits each. */
    public List<String> fingerprints() {
        return fingerprints;
    }

    /** Such as {@code aes-128-gcm, secret 3f2a91c0, also 77b1e02d}. */
    @Override
    public String toString() {
        return Stream.concat(
                        Stream.of(cipher.label(), "secret " + fingerprints.get(0)),
                        fingerprints.stream().skip(1).map(also -> "also " + also))
                .collect(Collectors.joining(", "));
    }
}
