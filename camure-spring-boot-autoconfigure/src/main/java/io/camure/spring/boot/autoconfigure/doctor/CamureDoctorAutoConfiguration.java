package io.camure.spring.boot.autoconfigure.doctor;

import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import io.camure.spring.session.SessionBindings;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/** The doctor for the application's sessions, for the endpoint. By itself the nodes call it. */
@AutoConfiguration(after = CamureAutoConfiguration.class)
@ConditionalOnBean(value = SessionBindings.class, search = SearchStrategy.CURRENT)
public final class CamureDoctorAutoConfiguration {

    @Bean
    Examinations camureExaminations(SessionBindings sessions) {
        return new Examinations(sessions);
    }
}
