package io.camure.spring.listener;

import io.camure.Message;
import io.camure.spring.CamureConfigurationException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.util.StringUtils;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

/** Makes methods of beans able to take messages, and refuses those that can't. */
public final class ListenerMethods {

    private static final Set<Class<?>> STREAMING = Set.of(InputStream.class, Message.class);

    private final ConfigurableBeanFactory beanFactory;
    private final PayloadConverter converter;
    private final @Nullable Validator validator;
    private final HandlerMethodArgumentResolverComposite resolvers = new HandlerMethodArgumentResolverComposite();

    /** @param validator {@code null} in an application without validation */
    public ListenerMethods(
            ConfigurableBeanFactory beanFactory, PayloadConverter converter, @Nullable Validator validator) {
        this.beanFactory = beanFactory;
        this.converter = converter;
        this.validator = validator;
        ArgumentResolvers factory = new ArgumentResolvers();
        factory.setBeanFactory(beanFactory);
        factory.setMessageConverter(converter.messageConverter());
        if (validator != null) {
            factory.setValidator(validator);
        }
        factory.setCustomArgumentResolvers(List.of(new MessageContentArgumentResolver()));
        factory.afterPropertiesSet();
        resolvers.addResolvers(factory.initArgumentResolvers());
    }

    /** Gives access to what Spring would set up, for methods of our own type. */
    private static final class ArgumentResolvers extends DefaultMessageHandlerMethodFactory {

        @Override
        protected List<HandlerMethodArgumentResolver> initArgumentResolvers() {
            return super.initArgumentResolvers();
        }
    }

    /** @throws CamureConfigurationException when the method can't take messages */
    ListenerMethod of(Object bean, Method method, String condition) {
        String name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        if (method.getReturnType() != void.class) {
            throw refused(name, "it must return nothing");
        }
        Method invocable;
        try {
            invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
        } catch (IllegalStateException e) {
            throw refused(name, "its bean is a proxy without it: " + e.getMessage());
        }
        ListenerHandlerMethod listener = new ListenerHandlerMethod(
                name, bean, invocable, isStreaming(name, invocable), parse(name, condition), beanFactory);
        listener.setMessageMethodArgumentResolvers(resolvers);
        return listener;
    }

    private boolean isStreaming(String name, Method method) {
        List<Class<?>> contents = new ArrayList<>();
        for (int i = 0; i < method.getParameterCount(); i++) {
            MethodParameter parameter = new SynthesizingMethodParameter(method, i);
            if (!isHeader(parameter)) {
                contents.add(requireReadable(name, parameter));
            }
        }
        if (contents.size() != 1) {
            throw refused(
                    name, "one of its parameters must take the content, and it has " + contents.size() + " for that");
        }
        return STREAMING.contains(contents.get(0));
    }

    private static boolean isHeader(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(Header.class)
                || parameter.hasParameterAnnotation(Headers.class)
                || MessageHeaders.class.isAssignableFrom(parameter.getParameterType());
    }

    /** @return what the content is read as */
    private Class<?> requireReadable(String name, MethodParameter parameter) {
        Class<?> type = parameter.getParameterType();
        if (org.springframework.messaging.Message.class.isAssignableFrom(type)) {
            type = ResolvableType.forMethodParameter(parameter).getGeneric().resolve(Object.class);
            if (STREAMING.contains(type)) {
                throw refused(name, "a Message can't have an " + type.getSimpleName() + " as payload: take that alone");
            } else if (type == Object.class) {
                return byte[].class;
            }
        }
        Payload payload = parameter.getParameterAnnotation(Payload.class);
        if (payload != null && StringUtils.hasText(payload.expression())) {
            throw refused(
                    name,
                    "@Payload can't have an expression: take the whole content, and the part of it in the method");
        }
        if (!converter.hasObjects() && !MessageContentArgumentResolver.supports(type)) {
            throw refused(
                    name,
                    "to read " + type.getSimpleName()
                            + " from JSON needs Jackson: add spring-boot-starter-jackson to the application");
        }
        // Spring MVC always has one, which without the starter checks nothing.
        if (validator == null || !validator.supports(type)) {
            for (var annotation : parameter.getParameterAnnotations()) {
                if (ValidationAnnotationUtils.determineValidationHints(annotation) != null) {
                    throw refused(
                            name,
                            "to validate its argument needs a Validator: add spring-boot-starter-validation to the"
                                    + " application");
                }
            }
        }
        return type;
    }

    private static @Nullable Expression parse(String name, String condition) {
        try {
            return StringUtils.hasText(condition) ? new SpelExpressionParser().parseExpression(condition) : null;
        } catch (ParseException e) {
            throw new CamureConfigurationException(
                    "@CamureListener method " + name + " has condition = " + condition
                            + ", which is not a valid expression: " + e.getMessage() + ".",
                    "Correct it, for example to #price.amount > 100 for a parameter price.");
        }
    }

    private static CamureConfigurationException refused(String name, String reason) {
        return new CamureConfigurationException(
                "@CamureListener method " + name + " can't take messages: " + reason + ".",
                "Give it one parameter of type byte[], String, InputStream, io.camure.Message or, with Jackson, of a type"
                        + " that is read from JSON, and any number of @Header parameters beside it.");
    }
}
