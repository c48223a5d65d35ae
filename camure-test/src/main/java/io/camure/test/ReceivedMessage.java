package io.camure.test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A message that a peer has received. Equal to others with the same content. Immutable. */
public final class ReceivedMessage {

    private final byte[] content;

    ReceivedMessage(byte[] content) {
        this.content = content;
    }

    /** A copy of the content. */
    public byte[] bytes() {
        return content.clone();
    }

    /** The content as UTF-8. */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReceivedMessage message && Arrays.equals(content, message.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** What it begins with, and how long it is. */
    @Override
    public String toString() {
        String text = text();
        return content.length + " bytes: " + (text.length() <= 100 ? text : text.substring(0, 100) + "…");
    }
}
