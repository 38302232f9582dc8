internal import LSTMKernels

/// The output of a recurrent layer that shows the last step of each sequence and no other.
@safe struct LastSteps {
  let h: PanelMatrix  // (B, H)  h of each sequence's last step
  let dh: PanelMatrix  // (B, H)  its gradient

  init(_ arena: Arena, size: Int, units: Int) {
    h = PanelMatrix(arena, rows: size, columns: units)
    dh = PanelMatrix(arena, rows: size, columns: units)
  }

  /// Copies each sequence's last row of `steps` (R, H).
  func gather(_ steps: PanelMatrix, _ batch: Batch, _ sequences: Range<Int>) {
    unsafe lk_copy_rows(
      steps.panels(), batch.lastRows, h.panels(), nil, panelCount(h.columns),
      sequences.lowerBound, sequences.upperBound)
  }

  /// Copies the gradient to each sequence's last row of `steps` (R, H), and to no other.
  func scatter(_ steps: PanelMatrix, _ batch: Batch, _ sequences: Range<Int>) {
    unsafe lk_copy_rows(
      dh.panels(), nil, steps.panels(), batch.lastRows, panelCount(h.columns),
      sequences.lowerBound, sequences.upperBound)
  }
}
