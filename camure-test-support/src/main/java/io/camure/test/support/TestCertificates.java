package io.camure.test.support;

import io.camure.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

/**
 * The certificates of tests: {@code coordinator}, {@code orders} and {@code prices} are of one authority, for {@code
 * coordinator.batch.example}, {@code orders.batch.example} and {@code prices.other.example}; {@code stranger} is of another one, for
 * {@code orders.batch.example}. Stores that trust the authorities are {@code trust} and {@code strangers-trust}.
 */
public final class TestCertificates {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private TestCertificates() {}

    /** Those of a node that trusts its own authority. */
    public static Certificates of(String node) {
        return of(node, "stranger".equals(node) ? "strangers-trust" : "trust");
    }

    public static Certificates of(String node, String trust) {
        try {
            return Certificates.of(store(node), PASSWORD, store(trust));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore store(String name) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream stored = TestCertificates.class.getResourceAsStream("/certificates/" + name + ".p12")) {
            store.load(stored, PASSWORD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return store;
    }
}
