package io.camure.spring.boot.autoconfigure;

import io.camure.Message;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/** Makes methods of beans able to take messages, and refuses those that can't. */
final class ListenerMethods {

    private static final Set<Class<?>> STREAMING = Set.of(InputStream.class, Message.class);

    private final ConfigurableBeanFactory beanFactory;
    private final DefaultMessageHandlerMethodFactory factory = new DefaultMessageHandlerMethodFactory();
    private final boolean json;

    /** @param jsonConverter {@code null} in an application without Jackson */
    ListenerMethods(ConfigurableBeanFactory beanFactory, @Nullable MessageConverter jsonConverter) {
        this.beanFactory = beanFactory;
        json = jsonConverter != null;
        factory.setBeanFactory(beanFactory);
        if (jsonConverter != null) {
            factory.setMessageConverter(jsonConverter);
        }
        factory.setCustomArgumentResolvers(List.of(new MessageContentArgumentResolver()));
        factory.afterPropertiesSet();
    }

    /** Fills in the placeholders of an attribute. */
    String resolve(String value) {
        return String.valueOf(beanFactory.resolveEmbeddedValue(value));
    }

    /** @throws CamureConfigurationException when the method can't take messages */
    ListenerMethod of(Object bean, Method method) {
        String name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        if (method.getReturnType() != void.class || method.getParameterCount() != 1) {
            throw refused(name, "it must return nothing and have one parameter");
        }
        InvocableHandlerMethod invocable;
        try {
            invocable =
                    factory.createInvocableHandlerMethod(bean, AopUtils.selectInvocableMethod(method, bean.getClass()));
        } catch (IllegalStateException e) {
            throw refused(name, "its bean is a proxy without it: " + e.getMessage());
        }
        MethodParameter parameter = invocable.getMethodParameters()[0];
        Class<?> type = parameter.getParameterType();
        if (type.getPackageName().startsWith("org.springframework.messaging")
                || parameter.hasParameterAnnotation(Header.class)
                || parameter.hasParameterAnnotation(Headers.class)) {
            throw refused(name, "messages have no headers here");
        }
        if (!json && !MessageContentArgumentResolver.supports(type)) {
            throw refused(
                    name,
                    "to read " + type.getSimpleName()
                            + " from JSON needs Jackson: add spring-boot-starter-jackson to the application");
        }
        return new ListenerMethod(name, invocable, STREAMING.contains(type));
    }

    private static CamureConfigurationException refused(String name, String reason) {
        return new CamureConfigurationException(
                "@CamureListener method " + name + " can't take messages: " + reason + ".",
                "Give it one parameter of type byte[], String, InputStream, io.camure.Message or, with Jackson, of a type"
                        + " that is read from JSON.");
    }
}
