package io.camure.spring.boot.autoconfigure;

import io.camure.spring.CamureConfigurationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells what to change instead of showing a stack trace. */
final class CamureConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<CamureConfigurationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CamureConfigurationException cause) {
        return new FailureAnalysis(cause.description(), cause.action(), cause);
    }
}
