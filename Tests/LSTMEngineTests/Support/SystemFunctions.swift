import Foundation

/// The system's logarithm, to compare with.
@Sendable func systemLog(_ x: Double) -> Double { Foundation.log(x) }

/// The system's cosine of 2π · turns; the argument's own rounding is part of the comparison's bound.
func systemCosineOfTurns(_ turns: Double) -> Double {
  // Reduced exactly to an eighth of a turn first, so that π's rounding does not show.
  let quarter = (turns * 4).rounded()
  let rest = (turns - quarter / 4) * 2 * Double.pi
  switch Int(quarter) % 4 {
  case 0: return Foundation.cos(rest)
  case 1: return -Foundation.sin(rest)
  case 2: return -Foundation.cos(rest)
  default: return Foundation.sin(rest)
  }
}

/// The system's exponential, to compare with.
@Sendable func systemExp(_ x: Double) -> Double { Foundation.exp(x) }

/// The system's hyperbolic tangent, to compare with.
@Sendable func systemTanh(_ x: Double) -> Double { Foundation.tanh(x) }
