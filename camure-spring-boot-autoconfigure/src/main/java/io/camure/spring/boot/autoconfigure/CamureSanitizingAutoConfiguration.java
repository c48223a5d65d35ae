package io.camure.spring.boot.autoconfigure;

import java.util.Locale;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Keeps secrets of sessions out of the endpoints {@code env} and {@code configprops}, whoever may see values there: those of
 * {@code camure.security.secrets}, of sessions with names, too, and of environment variables that they come from, such as
 * {@code CAMURE_SECRET}.
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public final class CamureSanitizingAutoConfiguration {

    @Bean
    SanitizingFunction camureSecretsSanitizingFunction() {
        return SanitizingFunction.sanitizeValue().ifMatches(CamureSanitizingAutoConfiguration::isSecret);
    }

    private static boolean isSecret(SanitizableData data) {
        String key = data.getKey().toLowerCase(Locale.ROOT);
        return key.startsWith("camure") && key.contains("secret");
    }
}
