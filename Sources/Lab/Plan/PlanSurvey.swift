import LSTMEngine
package import LabFormats

/// What a plan's data are, and what in it is allowed and almost always a mistake.
package struct PlanSurvey: Sendable {
  /// The samples to train on.
  package let train: DataSurvey
  /// The samples to validate with; nil for none.
  package let validation: DataSurvey?
  /// The samples to test with; nil for none.
  package let test: DataSurvey?
  /// What looks like a mistake, most telling first.
  package let warnings: [LabWarning]

  /// Looks at everything that a plan was made of.
  package init(_ plan: TrainingPlan) {
    let survey = { (data: Dataset) in
      DataSurvey(data, outputs: plan.network.outputs, loss: plan.network.loss)
    }
    train = survey(plan.source.train)
    validation = plan.source.validation.map(survey)
    test = plan.source.test.map(survey)
    warnings =
      plan.source.warnings
      + DataWarnings(plan: plan, train: train, others: [validation, test].compactMap(\.self)).all
      + ModelWarnings(plan: plan, train: train).all
  }
}
