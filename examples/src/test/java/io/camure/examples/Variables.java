package io.camure.examples;

import io.camure.spring.boot.autoconfigure.CamureProperties;
import java.util.Map;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The environment variables of a container, and what they mean to its application. */
record Variables(Map<String, String> values) {

    /** What camure takes from them; fails if it takes no notice of one that begins with its name. */
    CamureProperties camure() {
        Binder binder = new Binder(ConfigurationPropertySources.from(source()));
        return binder.bind(
                        "camure",
                        Bindable.of(CamureProperties.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
                .get();
    }

    /** Of a process that has these variables and no others. */
    StandardEnvironment environment() {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, source());
        return environment;
    }

    private SystemEnvironmentPropertySource source() {
        return new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.copyOf(values));
    }
}
