package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureListener;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.Scope;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.PriorityOrdered;

/** Listeners on beans that nobody has made when the application starts, or that there are several of. */
class ListenerBeansTest {

    /** What all listeners of these tests have received. */
    private static final BlockingQueue<String> RECEIVED = new LinkedBlockingQueue<>();

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
        assertThat(RECEIVED).isEmpty();
    }

    private static void assertHears(UnaryOperator<ApplicationContextRunner> member) {
        TestSession.coordinator()
                .run(coordinator -> member.apply(TestSession.memberOf(coordinator))
                        .run(context -> {
                            assertThat(context).hasNotFailed();
                            TestSession.send(coordinator, "files", "hello");
                            assertThat(next()).isEqualTo("hello");
                        }));
    }

    private static String next() throws InterruptedException {
        return RECEIVED.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private static void assertRefused(Class<?> configuration, String... parts) {
        TestSession.member(9)
                .withInitializer(context -> context.getBeanFactory().registerScope("phase", new Phase()))
                .withUserConfiguration(configuration)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContainingAll(parts));
    }

    @Lazy
    static class Listener {
        @CamureListener("files")
        public void on(String content) {
            RECEIVED.add(content);
        }
    }

    @Test
    void aLazyComponent() {
        assertHears(member -> member.withUserConfiguration(Listener.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyMethod {
        @Bean
        @Lazy
        Listener listener() {
            return new Listener();
        }
    }

    @Test
    void aLazyBeanOfAConfiguration() {
        assertHears(member -> member.withUserConfiguration(LazyMethod.class));
    }

    static class ListenerFactoryBean implements FactoryBean<Listener> {

        @Override
        public Listener getObject() {
            return new Listener();
        }

        @Override
        public Class<?> getObjectType() {
            return Listener.class;
        }
    }

    @Test
    void whatAFactoryBeanMakes() {
        assertHears(member -> member.withBean(ListenerFactoryBean.class));
    }

    static class ListeningFactoryBean extends Listener implements FactoryBean<String> {

        @Override
        public String getObject() {
            return "made";
        }

        @Override
        public Class<?> getObjectType() {
            return String.class;
        }
    }

    @Test
    void aFactoryBeanItself() {
        assertHears(member -> member.withBean(ListeningFactoryBean.class));
    }

    /** Is made before post-processors that have a lower order. */
    static class EarlyListener extends Listener implements BeanPostProcessor, PriorityOrdered {
        @Override
        public int getOrder() {
            return 0;
        }
    }

    @Test
    void aBeanThatIsMadeBeforeListenersAreLookedFor() {
        assertHears(member -> member.withBean(EarlyListener.class));
    }

    @Test
    void anObjectThatWasMadeABean() {
        assertHears(member -> member.withInitializer(
                context -> context.getBeanFactory().registerSingleton("listener", new Listener())));
    }

    /** Has one object at a time, once there is a phase. */
    static class Phase implements Scope {

        private Object current;
        private int number;
        private boolean active;

        @Override
        public synchronized Object get(String name, ObjectFactory<?> factory) {
            if (!active) {
                throw new IllegalStateException("there is no phase");
            }
            if (current == null) {
                current = factory.getObject();
            }
            return current;
        }

        synchronized Phase next() {
            active = true;
            current = null;
            number++;
            return this;
        }

        @Override
        public Object remove(String name) {
            return null;
        }

        @Override
        public void registerDestructionCallback(String name, Runnable callback) {}
    }

    static class PhaseListener {

        private final int phase;

        PhaseListener(int phase) {
            this.phase = phase;
        }

        @CamureListener("files")
        public void on(String content) {
            RECEIVED.add(phase + " " + content);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class InPhases {

        static Phase phase = new Phase();

        @Bean
        static BeanFactoryPostProcessor phases() {
            return beanFactory -> beanFactory.registerScope("phase", phase);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Proxied extends InPhases {

        @Bean
        @org.springframework.context.annotation.Scope(scopeName = "phase", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Listening listener() {
            return new Listening(phase.number);
        }
    }

    /** Has a constructor for the proxy. */
    static class Listening extends PhaseListener {

        Listening() {
            super(0);
        }

        Listening(int phase) {
            super(phase);
        }
    }

    interface Hearing {
        void on(String content);
    }

    static class HearingListener extends PhaseListener implements Hearing {
        HearingListener(int phase) {
            super(phase);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ProxiedByInterface extends InPhases {

        @Bean
        @org.springframework.context.annotation.Scope(scopeName = "phase", proxyMode = ScopedProxyMode.INTERFACES)
        HearingListener listener() {
            return new HearingListener(phase.number);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NotProxied extends InPhases {

        @Bean
        @org.springframework.context.annotation.Scope("phase")
        PhaseListener listener() {
            return new PhaseListener(phase.number);
        }
    }

    @Test
    void theCurrentObjectOfAScopeIsCalled() {
        for (Class<?> configuration : new Class<?>[] {Proxied.class, ProxiedByInterface.class, NotProxied.class}) {
            TestSession.coordinator().run(coordinator -> {
                InPhases.phase = new Phase().next();
                TestSession.memberOf(coordinator)
                        .withUserConfiguration(configuration)
                        .run(member -> {
                            assertThat(member).hasNotFailed();
                            TestSession.send(coordinator, "files", "a");
                            assertThat(next()).isEqualTo("1 a");
                            InPhases.phase.next();
                            TestSession.send(coordinator, "files", "b");
                            assertThat(next()).isEqualTo("2 b");
                        });
            });
        }
    }

    @Test
    void aScopeThatIsNotActiveForListenersIsRefused() {
        for (Class<?> configuration : new Class<?>[] {Proxied.class, ProxiedByInterface.class, NotProxied.class}) {
            InPhases.phase = new Phase();
            assertRefused(
                    configuration, "(bean listener)", "the scope phase", "there is no phase", "Make it a singleton");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Prototype {

        @Bean
        @org.springframework.context.annotation.Scope("prototype")
        Listener listener() {
            return new Listener();
        }
    }

    static class User {
        User(Listener listener) {
            assertThat(listener).isNotNull();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class UsedPrototype extends Prototype {

        @Bean
        User user(Listener listener) {
            return new User(listener);
        }
    }

    @Test
    void aPrototypeIsRefused() {
        assertRefused(Prototype.class, "Listener (bean listener)", "prototype", "Make it a singleton");
        assertRefused(UsedPrototype.class, "Listener (bean listener)", "prototype", "Make it a singleton");
    }

    @Test
    void nothingIsMadeForListenersThatAreDisabled() {
        TestSession.member(9)
                .withPropertyValues("camure.enabled=false")
                .withUserConfiguration(Listener.class)
                .run(context -> assertThat(context.getSourceApplicationContext()
                                .getBeanFactory()
                                .getSingletonNames())
                        .noneMatch(name -> name.contains("listenerBeansTest.Listener")));
    }
}
