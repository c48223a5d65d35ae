package io.camure.protocol.security;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node has to have to be let into a sealed session.
 *
 * @param secrets one of which it has to have; empty where it needs none, as there are certificates
 * @param credentials by which it has to be admitted; {@code null} where secrets are all that is needed
 */
public record Requirements(List<Secret> secrets, @Nullable Credentials credentials) {

    public Requirements {
        secrets = List.copyOf(secrets);
    }

    /** Secrets are all that is needed. */
    public static Requirements of(List<Secret> secrets) {
        return new Requirements(secrets, null);
    }
}
