package io.camure.spring.boot.autoconfigure.endpoint;

import java.util.Set;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may see what of the endpoint {@code camure}.
 *
 * @param showValues When to show the addresses and incarnations of nodes, the application's values, and what its exceptions say.
 *     Over JMX they are shown only with "always".
 * @param roles Roles one of which a user must have to see them with "when-authorized". Empty for each user that is authenticated.
 */
@ConfigurationProperties("management.endpoint.camure")
record CamureEndpointProperties(
        @DefaultValue("never") Show showValues,
        @DefaultValue Set<String> roles) {}
