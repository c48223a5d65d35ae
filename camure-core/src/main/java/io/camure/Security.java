package io.camure;

import io.camure.protocol.base.Checks;
import io.camure.protocol.security.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What seals a session: all its nodes share a secret, or show each other certificates, or both, and who can't do that can neither read what
 * they say nor say anything that they take. Immutable; it never shows the secret itself.
 *
 * <p>A member joins with its first secret, a coordinator lets in who has any of its own. So a secret is changed without a gap by
 * adding the new one at the coordinator, then putting it in the place of the old one at the members, then dropping the old one at
 * the coordinator.
 */
public final class Security {

    private final Cipher cipher;
    private final List<SecretKey> secrets;
    private final List<String> fingerprints;
    private final @Nullable Certificates certificates;

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

    private Security(Cipher cipher, List<SecretKey> secrets, @Nullable Certificates certificates) {
        this.cipher = cipher;
        this.certificates = certificates;
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
        return new Security(Cipher.AES_128_GCM, List.of(key(secret)), null);
    }

    /** Seals by {@link Cipher#AES_128_GCM} among nodes that show each other certificates; none of them needs a secret. */
    public static Security certificates(Certificates certificates) {
        return new Security(Cipher.AES_128_GCM, List.of(), Checks.given("certificates", certificates));
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
        return new Security(cipher, all, certificates);
    }

    /**
     * The same, and each node also has to show a certificate: with both, who has the secret can't pose as another node, and who has
     * a certificate alone is not even answered.
     */
    public Security withCertificates(Certificates certificates) {
        return new Security(cipher, secrets, Checks.given("certificates", certificates));
    }

    /** The same, with another cipher. What counts is the coordinator's. */
    public Security cipher(Cipher cipher) {
        return new Security(Checks.given("cipher", cipher), secrets, certificates);
    }

    public Cipher cipher() {
        return cipher;
    }

    /** What nodes show each other; empty where a secret is enough. */
    public Optional<Certificates> certificates() {
        return Optional.ofNullable(certificates);
    }

    /**
     * The secrets themselves, for who runs sessions; the first is the one that a member joins with. None where certificates are
     * enough. Not to be shown or logged.
     */
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
        List<String> parts = new ArrayList<>(List.of(cipher.label()));
        for (String fingerprint : fingerprints) {
            parts.add((parts.size() == 1 ? "secret " : "also ") + fingerprint);
        }
        if (certificates != null) {
            parts.add(certificates.toString());
        }
        return String.join(", ", parts);
    }
}
