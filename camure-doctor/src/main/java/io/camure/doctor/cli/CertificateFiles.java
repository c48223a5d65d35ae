package io.camure.doctor.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads certificates and keys from files: PEM, or a key store such as one of PKCS#12. */
final class CertificateFiles {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final List<String> KEYS = List.of("EC", "RSA");

    private CertificateFiles() {}

    /**
     * The key of a node and the certificates that lead from it to one that others trust.
     *
     * @param keyFile where the key is, if it is PEM; {@code null} for the same file
     * @param password of a key store, and of the key in it; what is read is under it, too
     * @throws IOException when that can't be read; the message says why, and nothing of what is there
     */
    static KeyStore own(Path file, @Nullable Path keyFile, char[] password)
            throws IOException, GeneralSecurityException {
        String pem = pem(file);
        if (pem == null) {
            return keyStore(file, password, true);
        }
        List<Certificate> chain = certificates(file, pem);
        Path from = keyFile == null ? file : keyFile;
        String keyPem = keyFile == null ? pem : pem(keyFile);
        KeyStore store = empty();
        store.setKeyEntry("node", privateKey(from, keyPem), password, chain.toArray(Certificate[]::new));
        return store;
    }

    /** The certificates that are trusted; otherwise as {@link #own}. */
    static KeyStore trusted(Path file, char[] password) throws IOException, GeneralSecurityException {
        String pem = pem(file);
        if (pem == null) {
            return keyStore(file, password, false);
        }
        KeyStore store = empty();
        List<Certificate> all = certificates(file, pem);
        for (int i = 0; i < all.size(); i++) {
            store.setCertificateEntry("trusted" + i, all.get(i));
        }
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** {@code null} for a file that is none. */
    private static @Nullable String pem(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        return text.contains("-----BEGIN ") ? text : null;
    }

    private static KeyStore keyStore(Path file, char[] password, boolean withKey)
            throws IOException, GeneralSecurityException {
        KeyStore store;
        try {
            store = KeyStore.getInstance(file.toFile(), password);
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException(
                    file + " is neither PEM nor a key store that opens by its password, which --store-password-file or "
                            + CertificateOptions.VARIABLE + " tells",
                    e);
        }
        for (String alias : Collections.list(store.aliases())) {
            if (withKey ? store.isKeyEntry(alias) : store.isCertificateEntry(alias)) {
                return store;
            }
        }
        throw new IOException(file
                + (withKey
                        ? " has no key in it"
                        : " has no certificate in it that is trusted, as 'keytool -importcert' puts it"));
    }

    private static List<Certificate> certificates(Path file, String pem) throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> certificates = new ArrayList<>();
        for (byte[] block : blocks(file, pem, CERTIFICATE)) {
            certificates.add(factory.generateCertificate(new ByteArrayInputStream(block)));
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + " has no certificate in it");
        }
        return certificates;
    }

    private static PrivateKey privateKey(Path file, @Nullable String pem) throws IOException, GeneralSecurityException {
        List<byte[]> keys = pem == null ? List.of() : blocks(file, pem, PRIVATE_KEY);
        if (keys.isEmpty()) {
            throw new IOException(file + " has no private key of PKCS#8 without a password in it: 'openssl pkcs8 -topk8"
                    + " -nocrypt' makes one of others");
        }
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(keys.get(0));
        for (String algorithm : KEYS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // It may be of another kind.
                continue;
            }
        }
        throw new IOException(file + " has a private key that is neither of ECDSA nor of RSA");
    }

    private static List<byte[]> blocks(Path file, String pem, String type) throws IOException {
        List<byte[]> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(pem);
        while (matcher.find()) {
            if (matcher.group(1).equals(type)) {
                try {
                    blocks.add(Base64.getMimeDecoder().decode(matcher.group(2)));
                } catch (IllegalArgumentException e) {
                    throw new IOException(file + " has a " + type + " that is not Base64", e);
                }
            }
        }
        return blocks;
    }
}
