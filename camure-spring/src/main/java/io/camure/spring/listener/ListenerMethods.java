package io.camure.spring.listener;

import io.camure.spring.CamureConfigurationException;
import io.camure.spring.method.AsyncType;
import io.camure.spring.method.AsyncTypes;
import io.camure.spring.method.SuspendFunctions;
import io.camure.spring.payload.PayloadConverter;
import io.camure.spring.payload.WrappingTypes;
import io.camure.spring.session.GroupDefinition;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodParameter;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.StringUtils;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

/** Makes methods of beans able to take messages, and refuses those that can't. */
public final class ListenerMethods {

    private static final String PARAMETERS =
            "Give it one parameter of type byte[], String, InputStream, io.camure.Message or, with Jackson, of a type that is"
                    + " read from JSON, and any number of @Header parameters beside it.";

    private final ConfigurableBeanFactory beanFactory;
    private final PayloadConverter converter;
    private final @Nullable Validator validator;
    private final HandlerMethodArgumentResolverComposite headers = new HandlerMethodArgumentResolverComposite();
    private final ContentArgumentResolver contents;

    /** @param validator {@code null} in an application without validation */
    public ListenerMethods(
            ConfigurableBeanFactory beanFactory, PayloadConverter converter, @Nullable Validator validator) {
        this.beanFactory = beanFactory;
        this.converter = converter;
        this.validator = validator;
        headers.addResolver(new HeaderMethodArgumentResolver(new DefaultFormattingConversionService(), beanFactory));
        headers.addResolver(new HeadersMethodArgumentResolver());
        contents = new ContentArgumentResolver(converter, validator);
    }

    /** @throws CamureConfigurationException when the method can't take messages */
    ListenerMethod of(ListenerBean bean, Method method, ListenerSettings settings, GroupDefinition group) {
        String name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        AsyncType async = SuspendFunctions.isOne(method)
                ? suspending(name, method)
                : asyncType(name, GenericTypeResolver.resolveReturnType(method, bean.type()));
        ListenerArguments arguments = arguments(name, method, bean.type(), group);
        if (settings.retry() != null && arguments.content().isStreaming()) {
            throw refused(
                    name,
                    "what is read as a stream can't be read again, but it has retry = " + settings.retry(),
                    "Leave retry out, or take the content as byte[].");
        }
        ListenerTarget target = new ListenerTarget(bean, method);
        try {
            target.requireInvocable();
        } catch (IllegalStateException e) {
            throw refused(
                    name,
                    "its bean is a proxy without it: " + e.getMessage(),
                    "Make it public, and put it into an interface that the bean is used by, or have the bean proxied by"
                            + " its class.");
        }
        return new ListenerHandlerMethod(
                name,
                arguments,
                new ListenerInvocation(target, async, settings.retry()),
                condition(name, settings.condition(), method));
    }

    private static AsyncType suspending(String name, Method method) {
        String missing = SuspendFunctions.missing();
        if (missing != null) {
            throw refused(
                    name,
                    "it is a suspend function, and to call one needs " + missing,
                    "Add kotlinx-coroutines-reactor and kotlin-reflect to the application, whose versions Spring Boot knows."
                            + " Or make it a function without suspend, and call runBlocking in it.");
        }
        Class<?> result = SuspendFunctions.result(method);
        if (result != null) {
            throw refused(
                    name, "it returns " + result.getSimpleName() + ", which nobody gets", "Have it return nothing.");
        }
        return SuspendFunctions.type();
    }

    /** @return {@code null} when the method returns nothing */
    private static @Nullable AsyncType asyncType(String name, Class<?> result) {
        if (result == void.class) {
            return null;
        }
        AsyncType async = AsyncTypes.of(result);
        if (async == null) {
            String refusal = AsyncTypes.refusal(result);
            throw refused(
                    name,
                    "it returns " + result.getSimpleName() + ", " + (refusal == null ? "which nobody gets" : refusal),
                    "Have it return nothing: make it void. Or return a CompletableFuture, or a Mono, if its work goes on when it"
                            + " has returned.");
        }
        return async;
    }

    private ListenerArguments arguments(String name, Method method, Class<?> beanClass, GroupDefinition group) {
        List<MethodParameter> parameters = IntStream.range(0, SuspendFunctions.parameterCount(method))
                .mapToObj(i -> ListenerParameter.of(method, i, beanClass))
                .toList();
        List<ContentParameter> taking = parameters.stream()
                .filter(parameter -> !ContentParameter.isHeader(parameter))
                .map(parameter -> ContentParameter.of(parameter, group.payloadType(), group.types()))
                .toList();
        taking.forEach(content -> requireReadable(name, content));
        if (taking.size() != 1) {
            throw refused(
                    name,
                    "one of its parameters must take the content, and it has " + taking.size() + " for that",
                    PARAMETERS);
        }
        return new ListenerArguments(parameters, taking.get(0), contents, headers);
    }

    private void requireReadable(String name, ContentParameter content) {
        MethodParameter parameter = content.parameter();
        Class<?> type = content.type();
        if (content.inMessage() && !parameter.getParameterType().isAssignableFrom(GenericMessage.class)) {
            throw refused(name, "its parameter is a Message of a special kind, which it can't be given", PARAMETERS);
        } else if (content.inMessage() && content.isStreaming()) {
            throw refused(
                    name,
                    "a Message can't have an " + type.getSimpleName() + " as payload: take that alone",
                    PARAMETERS);
        }
        Payload payload = parameter.getParameterAnnotation(Payload.class);
        if (payload != null && StringUtils.hasText(payload.expression())) {
            throw refused(
                    name,
                    "@Payload can't have an expression: take the whole content, and the part of it in the method",
                    PARAMETERS);
        }
        if (!content.isStreaming() && !PayloadConverter.isAsItIs(type)) {
            requireObject(name, type);
        }
        // Spring MVC always has one, which without the starter checks nothing.
        if ((validator == null || !validator.supports(type)) && isToBeValidated(parameter)) {
            throw refused(
                    name,
                    "to validate its argument needs a Validator",
                    "Add spring-boot-starter-validation to the application.");
        }
    }

    private void requireObject(String name, Class<?> type) {
        String meant = WrappingTypes.toTakeInsteadOf(type);
        if (meant != null) {
            throw refused(
                    name,
                    "what is sent is no " + type.getSimpleName() + ", but what is in one",
                    "Take " + (InputStream.class.isAssignableFrom(type) ? "InputStream itself" : meant) + ".");
        } else if (CharSequence.class.isAssignableFrom(type)) {
            throw refused(name, "it takes text as " + type.getSimpleName(), "Take String.");
        } else if (!converter.hasObjects()) {
            throw refused(
                    name,
                    "to read " + type.getSimpleName() + " from JSON needs Jackson",
                    StringUtils.capitalize(converter.howToHaveJson()) + ".");
        }
    }

    private static boolean isToBeValidated(MethodParameter parameter) {
        for (var annotation : parameter.getParameterAnnotations()) {
            if (ValidationAnnotationUtils.determineValidationHints(annotation) != null) {
                return true;
            }
        }
        return false;
    }

    private @Nullable ListenerCondition condition(String name, String condition, Method method) {
        try {
            return StringUtils.hasText(condition)
                    ? new ListenerCondition(
                            name, new SpelExpressionParser().parseExpression(condition), method, beanFactory)
                    : null;
        } catch (ParseException e) {
            throw new CamureConfigurationException(
                    "@CamureListener method " + name + " has condition = " + condition
                            + ", which is not a valid expression: " + e.getMessage() + ".",
                    "Correct it, for example to #price.amount > 100 for a parameter price.");
        }
    }

    private static CamureConfigurationException refused(String name, String reason, String action) {
        return new CamureConfigurationException(
                "@CamureListener method " + name + " can't take messages: " + reason + ".", action);
    }
}
