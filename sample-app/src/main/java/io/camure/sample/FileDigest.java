package io.camure.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a file must turn out to be at whoever receives it; travels as JSON. */
record FileDigest(long sizeBytes, String sha256) {

    /** Reads a file of any size. */
    static FileDigest of(Path file) throws IOException {
        MessageDigest digest = sha256Digest();
        try (InputStream content = new DigestInputStream(Files.newInputStream(file), digest)) {
            long sizeBytes = content.transferTo(OutputStream.nullOutputStream());
            return new FileDigest(sizeBytes, HexFormat.of().formatHex(digest.digest()));
        }
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
