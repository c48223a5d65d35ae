package io.camure.spring.collective;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/** What beans that are functions work on. */
final class OperatorTypes {

    private OperatorTypes() {}

    /** The type argument of a bean, as it is defined; {@code null} when that does not say, as with a lambda. */
    static @Nullable Class<?> of(ConfigurableListableBeanFactory beanFactory, String name, Class<?> function) {
        if (!beanFactory.containsBeanDefinition(name)) {
            return null;
        }
        ResolvableType type = beanFactory.getMergedBeanDefinition(name).getResolvableType();
        return type.as(function).getGeneric(0).resolve();
    }
}
