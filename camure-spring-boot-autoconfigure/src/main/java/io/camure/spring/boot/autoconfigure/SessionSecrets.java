package io.camure.spring.boot.autoconfigure;

import io.camure.Security;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.boot.autoconfigure.CamureProperties.SecurityMode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.springframework.util.StringUtils;

/** Makes of {@code camure.security} what the core takes. What it refuses it never shows, as it may be a secret all the same. */
public final class SessionSecrets {

    private SessionSecrets() {}

    /**
     * What seals a session, as its properties say.
     *
     * @param prefix where the session's properties are, such as {@code camure.}
     * @return empty for a session in clear, and for one whose secret is yet to come from elsewhere
     * @throws CamureConfigurationException when a secret is malformed, or there is one that is not used
     */
    public static Optional<Security> of(String prefix, CamureProperties.SessionSecurity properties) {
        String path = prefix + "security.";
        List<byte[]> secrets = new ArrayList<>();
        for (int i = 0; i < properties.secrets().size(); i++) {
            String written = properties.secrets().get(i);
            // A placeholder may be empty.
            if (StringUtils.hasText(written)) {
                secrets.add(decode(path + "secrets[" + i + "]", written.strip()));
            }
        }
        if (secrets.isEmpty()) {
            return Optional.empty();
        }
        if (properties.mode() == SecurityMode.NONE) {
            throw new CamureConfigurationException(
                    path + "secrets is set, but " + path + "mode is none, so that the session would be in clear.",
                    "Set " + path + "mode to required, or remove the secrets.");
        }
        Security security = Security.secret(secrets.get(0));
        for (byte[] other : secrets.subList(1, secrets.size())) {
            security = security.acceptAlso(other);
        }
        return Optional.of(security.cipher(properties.cipher()));
    }

    private static byte[] decode(String property, String written) {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(written);
        } catch (IllegalArgumentException e) {
            throw new CamureConfigurationException(
                    property + " is not in Base64.", "Set it to what 'openssl rand -base64 32' prints.");
        }
        try {
            Security.secret(secret);
        } catch (IllegalArgumentException e) {
            throw new CamureConfigurationException(
                    property + ": " + e.getMessage() + ".", "Set it to what 'openssl rand -base64 32' prints.");
        }
        return secret;
    }

    /** Refuses a session that is to be sealed and is not. */
    static void require(String prefix, CamureProperties.SessionSecurity properties, Optional<Security> security) {
        if (properties.mode() == SecurityMode.REQUIRED && security.isEmpty()) {
            String path = prefix + "security.";
            throw new CamureConfigurationException(
                    path + "mode is required, but there is no secret.",
                    "Set " + path
                            + "secrets to what 'openssl rand -base64 32' prints, the same at all nodes of the session, or "
                            + path + "ssl-bundle to the name of a bundle with certificates, or"
                            + " define a bean of the type " + Security.class.getName() + ".");
        }
    }
}
