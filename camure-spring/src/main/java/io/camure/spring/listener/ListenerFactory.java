package io.camure.spring.listener;

import io.camure.MessageHandler;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureListener.OnFull;
import io.camure.spring.CamureListenerErrorHandler;
import io.camure.spring.kind.Role;
import io.camure.spring.kind.SessionContext;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.SessionBindings;
import java.lang.reflect.Method;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.StringUtils;

/** Makes listeners of what annotations and code ask for. */
public final class ListenerFactory {

    private static final String ANY = "any";

    private final ConfigurableBeanFactory beanFactory;
    private final ListenerMethods methods;
    private final boolean virtualThreads;
    private final ToIntFunction<String> maximumMessageSize;

    /**
     * @param virtualThreads whether listeners are to be called by virtual threads
     * @param maximumMessageSize in bytes, of a message that is read whole, by the session as in {@code camure.sessions}
     */
    public ListenerFactory(
            ConfigurableBeanFactory beanFactory,
            ListenerMethods methods,
            boolean virtualThreads,
            ToIntFunction<String> maximumMessageSize) {
        this.beanFactory = beanFactory;
        this.methods = methods;
        this.virtualThreads = virtualThreads;
        this.maximumMessageSize = maximumMessageSize;
    }

    /** @throws CamureConfigurationException when an attribute is not what it must be */
    ListenerSettings settings(String listener, CamureListener annotation) {
        String group = text(annotation.group());
        String id = text(annotation.id());
        int queueCapacity = queueCapacity(listener, annotation);
        String autoStartup = text(annotation.autoStartup());
        if (!autoStartup.equals("true") && !autoStartup.equals("false")) {
            throw refused(listener, "autoStartup", annotation.autoStartup(), "Set it to true or false.");
        }
        return new ListenerSettings(
                StringUtils.hasText(id) ? id : group,
                group,
                Boolean.parseBoolean(autoStartup),
                queueCapacity,
                annotation.onFull(),
                bean(listener, "errorHandler", text(annotation.errorHandler()), CamureListenerErrorHandler.class),
                annotation.condition(),
                bean(listener, "retry", text(annotation.retry()), RetryPolicy.class),
                role(listener, annotation));
    }

    private int queueCapacity(String listener, CamureListener annotation) {
        int queueCapacity;
        try {
            queueCapacity = Integer.parseInt(text(annotation.queueCapacity()));
        } catch (NumberFormatException e) {
            queueCapacity = -1;
        }
        OnFull onFull = annotation.onFull();
        if (queueCapacity < 0) {
            throw refused(
                    listener, "queueCapacity", annotation.queueCapacity(), "Set it to a number of messages, or 0.");
        } else if (onFull == OnFull.LATEST && queueCapacity > 1) {
            throw refused(
                    listener,
                    "onFull = LATEST and queueCapacity",
                    queueCapacity,
                    "Leave queueCapacity out, since only the latest message waits; or set onFull to DROP_OLDEST.");
        } else if (onFull == OnFull.LATEST) {
            return 1;
        } else if (onFull != OnFull.WAIT && queueCapacity == 0) {
            throw refused(
                    listener,
                    "onFull",
                    onFull,
                    "Give it a queueCapacity, too: without a queue messages wait for the listener.");
        }
        return queueCapacity;
    }

    /** Fills in placeholders and expressions. */
    private String text(String value) {
        String text = beanFactory.resolveEmbeddedValue(value);
        BeanExpressionResolver expressions = beanFactory.getBeanExpressionResolver();
        Object result =
                expressions == null ? text : expressions.evaluate(text, new BeanExpressionContext(beanFactory, null));
        return result == null ? "" : result.toString();
    }

    private <T> @Nullable T bean(String listener, String attribute, String name, Class<T> type) {
        if (!StringUtils.hasText(name)) {
            return null;
        }
        try {
            return beanFactory.getBean(name, type);
        } catch (BeansException e) {
            throw refused(listener, attribute, name, "Name a bean that is a " + type.getSimpleName() + ".");
        }
    }

    private @Nullable Role role(String listener, CamureListener annotation) {
        String role = text(annotation.role());
        if (!StringUtils.hasText(role) || role.equalsIgnoreCase(ANY)) {
            return null;
        } else if (role.equalsIgnoreCase(Role.MEMBER.name())) {
            return Role.MEMBER;
        } else if (role.equalsIgnoreCase(Role.COORDINATOR.name())) {
            return Role.COORDINATOR;
        }
        throw refused(
                listener,
                "role",
                annotation.role(),
                "Set it to member, to any, or, where the coordinator is elected, to coordinator.");
    }

    /** Whether a listener is for a node as this one is, whatever else it asks for. */
    boolean isFor(SessionBindings sessions, String listener, CamureListener annotation) {
        Role role = role(listener, annotation);
        if (role == null) {
            return true;
        }
        return sessions.group(text(annotation.group()))
                .map(group -> isFor(group.session(), role))
                .orElseGet(() -> sessions.all().stream().anyMatch(session -> isFor(session, role)));
    }

    /** A coordinator that is none of the members has no messages to listen to, which its listener is told as any other. */
    private static boolean isFor(SessionContext session, Role role) {
        return session.isElected() || session.role() == role;
    }

    private static CamureConfigurationException refused(
            String listener, String attribute, Object value, String action) {
        return new CamureConfigurationException(
                "@CamureListener method " + listener + " has " + attribute + " = " + value + ", which is not allowed.",
                action);
    }

    GroupReader reader(GroupBinding group) {
        return new GroupReader(
                group,
                new ListenerMessage.Factory(
                        group, maximumMessageSize.applyAsInt(group.session().sessionName())));
    }

    ListenerEndpoint create(
            GroupReader reader,
            ListenerSettings settings,
            ListenerBean bean,
            Method method,
            ListenerObservers observers) {
        ListenerMethod listener =
                methods.of(bean, method, settings, reader.group().definition());
        if (listener.isStreaming() && settings.queueCapacity() > 0) {
            boolean latest = settings.onFull() == OnFull.LATEST;
            throw refused(
                    listener.toString(),
                    latest ? "onFull" : "queueCapacity",
                    latest ? OnFull.LATEST : settings.queueCapacity(),
                    "Leave it out, or take the content as byte[]: what is read as a stream can't wait in a queue.");
        }
        return new ListenerEndpoint(reader, settings, listener, observers, virtualThreads && !listener.isStreaming());
    }

    ListenerEndpoint create(GroupReader reader, String id, MessageHandler handler, ListenerObservers observers) {
        return new ListenerEndpoint(
                reader,
                new ListenerSettings(id, reader.group().name(), true, 0, OnFull.WAIT, null, "", null, null),
                new ListenerMethod.Raw(id, handler),
                observers,
                false);
    }
}
