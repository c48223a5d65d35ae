package io.camure.faults.election;

import java.net.URI;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.redis.metadata.RedisMetadataStore;
import org.springframework.integration.redis.util.RedisLockRegistry;

/** Locks and terms in Redis. */
@Configuration(proxyBeanMethods = false)
public class RedisLocks {

    @Bean
    LettuceConnectionFactory connections(Environment environment) {
        URI server = URI.create(environment.getRequiredProperty("elector"));
        return new LettuceConnectionFactory(
                new RedisStandaloneConfiguration(server.getHost(), server.getPort()),
                LettuceClientConfiguration.builder()
                        .commandTimeout(Duration.ofSeconds(1))
                        .build());
    }

    @Bean
    RedisLockRegistry lockRegistry(RedisConnectionFactory connections, Environment environment) {
        Duration timeToLive = environment.getRequiredProperty("time-to-live", Duration.class);
        return new RedisLockRegistry(connections, "camure", timeToLive.toMillis());
    }

    @Bean
    RedisMetadataStore metadataStore(RedisConnectionFactory connections) {
        return new RedisMetadataStore(connections, "camure-terms");
    }
}
